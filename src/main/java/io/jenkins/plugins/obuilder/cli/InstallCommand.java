package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.ConfTemplate;
import io.jenkins.plugins.obuilder.boundary.Installation;
import io.jenkins.plugins.obuilder.boundary.Sudoers;
import io.jenkins.plugins.obuilder.boundary.TrustedJava;
import io.jenkins.plugins.obuilder.boundary.WrapperScript;
import io.jenkins.plugins.obuilder.host.CommandFailedException;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.host.Umask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder install}. */
@Command(
        name = "install",
        description = {
            "Lets a user build as root, within what a configuration allows: installs this obuilder for root, a program that sudo lets"
                    + " the user run, and makes the configuration if there is none. Run it again to upgrade.",
            "docs/security.md says what that user can and cannot do then."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class InstallCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private InstallPlaces places;

    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "Who may build, such as the user of the Jenkins agent (default: as it was installed before).")
    private String user;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "A group whose members may build, instead of one user.")
    private String group;

    @Option(
            names = "--java",
            paramLabel = "HOME",
            description = "The home directory of the Java that root uses (default: the one that runs this).")
    private Path java = Path.of(System.getProperty("java.home"));

    @Option(
            names = "--store",
            paramLabel = "STORE",
            description = "A store that may be used, for a configuration that is made now. Can be given several times.")
    private List<String> stores = List.of("overlayfs:/var/lib/obuilder/overlayfs");

    @Option(
            names = "--no-archive",
            description = "Make no archive of classes: it takes seconds and 26 MB, and lets every build start faster.")
    private boolean noArchive;

    private final Commands commands = new SystemCommands();

    @Override
    public Integer call() throws UserException, IOException {
        places.insistOnRoot("install");
        Umask.makeUsual();
        Path jar = Installation.runningJar();
        if (!Files.isRegularFile(jar)) {
            throw UserException.failed("this is not run from a jar, so there is none to install");
        }
        Sudoers sudoers = places.sudoers(commands);
        String subject = subject(sudoers);
        Path home = TrustedJava.at(java);
        Installation installation = places.installation();
        installation.makeDirectories();
        boolean made = ConfTemplate.makeIfMissing(places.config(), stores, SandboxOption.defaultName());
        check(made);
        installation.copyJar(jar);
        Optional<Path> archive = noArchive ? Optional.empty() : archive(installation, home);
        installation.writeWrapper(WrapperScript.of(installation, home, archive, places.config(), Version.text()));
        tryWrapper(installation);
        sudoers.write(subject, installation.wrapper(), Version.text());
        if (!subject.startsWith("%")) {
            sudoers.verify(subject, installation.wrapper());
        }
        Running running = parent.running();
        Console.println(
                running,
                "installed obuilder " + Version.text() + ": " + installation.wrapper() + ", run by " + home
                        + "/bin/java");
        Console.println(running, "sudo lets " + subject + " run it, as " + places.sudoersFile() + " says");
        Console.println(
                running,
                (made ? "made the configuration " : "kept the configuration ") + places.config()
                        + ": it says what builds may use");
        return ExitCodes.OK;
    }

    /** A configuration that was made of wrong options is not kept. */
    private void check(boolean made) throws UserException, IOException {
        boolean right = false;
        try {
            Allowed.read(places.config());
            right = true;
        } finally {
            if (made && !right) {
                ConfTemplate.remove(places.config());
            }
        }
    }

    private String subject(Sudoers sudoers) throws UserException, IOException {
        if (user != null && group != null) {
            throw UserException.usage("give --user or --group, not both");
        }
        if (group != null) {
            return "%" + group;
        }
        if (user == null) {
            return sudoers.subject()
                    .orElseThrow(() -> UserException.usage("who may build? Give --user NAME or --group NAME"));
        }
        CommandResult id = commands.execute(HostCommand.of("look for the user " + user, "id", "-u", "--", user));
        if (!id.succeeded()) {
            throw UserException.usage("--user " + user + ": there is no such user");
        }
        if (id.text().strip().equals("0")) {
            throw UserException.usage("--user " + user + ": root builds without it");
        }
        return user;
    }

    /** Some Javas have no such archives: root's then starts more slowly, and that is all. */
    private Optional<Path> archive(Installation installation, Path home) throws IOException {
        Running running = parent.running();
        try {
            new PreparedStart(home, installation.jar(), installation.start(), running.cancellation()).make();
            return Optional.of(installation.start().resolve(PreparedStart.ARCHIVE));
        } catch (CommandFailedException e) {
            running.err()
                    .println("obuilder: root's obuilder will start without an archive of its classes: "
                            + e.getMessage());
            return Optional.empty();
        }
    }

    /** Without a request it greets and ends. */
    private void tryWrapper(Installation installation) throws HostException {
        CommandResult result = commands.execute(
                HostCommand.of("try the new wrapper", installation.wrapper().toString()));
        if (!result.succeeded()) {
            throw new HostException("the wrapper " + installation.wrapper()
                    + " does not work, so sudo was not told of it: " + result.complaint());
        }
    }
}
