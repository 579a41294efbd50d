package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.MacAccounts;
import io.jenkins.plugins.obuilder.host.MacFacts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.host.Umask;
import io.jenkins.plugins.obuilder.image.BaseHomes;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.sandbox.MacSandbox;
import io.jenkins.plugins.obuilder.sandbox.MacSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder base}: keeps the base images of macOS. */
@Command(
        name = "base",
        description = "Makes, lists, checks and deletes base images of macOS: templates of homes.",
        synopsisSubcommandLabel = "init|list|check|delete",
        mixinStandardHelpOptions = true)
final class BaseCommand {
    @ParentCommand
    private ObuilderCommand parent;

    @Option(
            names = "--bases",
            paramLabel = "DIR",
            defaultValue = "/Users",
            description = "Where they are: (from NAME) is DIR/NAME (default: ${DEFAULT-VALUE}).")
    private Path bases;

    private BaseHomes homes() throws UserException {
        if (!OperatingSystem.isMac()) {
            throw UserException.usage("base images that are homes are for macOS, which this is not");
        }
        return new BaseHomes(bases.toAbsolutePath().normalize());
    }

    private Running running() {
        return parent.running();
    }

    @Command(name = "list", description = "Lists the bases.", mixinStandardHelpOptions = true)
    int list() throws UserException, IOException {
        BaseHomes homes = homes();
        for (String name : homes.list()) {
            String state = homes.problems(name).isEmpty() ? "" : "  (has problems: obuilder base check " + name + ")";
            Console.println(running(), name + (homes.hasHomebrew(name) ? "  with Homebrew" : "") + state);
        }
        return ExitCodes.OK;
    }

    @Command(
            name = "check",
            description = "Says what is wrong with a base, and what identifies it.",
            mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "NAME") String name) throws UserException, IOException {
        BaseHomes homes = homes();
        List<String> problems = homes.problems(name);
        problems.forEach(problem -> running().err().println("obuilder: " + name + ": " + problem));
        if (problems.isEmpty()) {
            Console.println(running(), "ok: " + name + " is " + homes.identity(name, DigestMemory.none()));
        }
        return problems.isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    @Command(name = "delete", description = "Deletes a base.", mixinStandardHelpOptions = true)
    int delete(@Parameters(paramLabel = "NAME") String name) throws UserException, IOException {
        BaseHomes homes = homes();
        Optional<String> user = new MacAccounts(new SystemCommands()).userAtHome(homes.home(name));
        if (user.isPresent()) {
            throw UserException.failed(homes.home(name) + " is the home of the user " + user.get());
        }
        homes.delete(name);
        return ExitCodes.OK;
    }

    /** {@code obuilder base init}. */
    @Command(
            name = "init",
            description = "Makes a base: a home with a profile, and what is asked for.",
            mixinStandardHelpOptions = true)
    int init(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--from-archive",
                            paramLabel = "FILE",
                            description = "Unpack this tar archive of a home into it.")
                    Path archive,
            @Option(names = "--homebrew", description = "Install Homebrew into its local, from the network.")
                    boolean homebrew,
            @Option(
                            names = "--homebrew-archive",
                            paramLabel = "FILE",
                            description = "Install Homebrew from this .tar.gz of it instead.")
                    Path homebrewArchive,
            @Mixin MacOptions mac)
            throws UserException, IOException {
        BaseHomes homes = homes();
        Umask.makeUsual();
        Commands commands = new SystemCommands();
        MacFacts facts = MacFacts.ask(commands);
        MacSettings settings = mac.settings(facts);
        Optional<BaseHomes.Homebrew> brew = homebrew || homebrewArchive != null
                ? Optional.of(new BaseHomes.Homebrew(settings.prefix(), Optional.ofNullable(homebrewArchive)))
                : Optional.empty();
        Path nothing = Files.createDirectories(settings.runtime().resolve("base"));
        try (MacSandbox sandbox = MacSandbox.open(
                commands,
                settings,
                facts,
                nothing,
                Optional.empty(),
                MacOptions.view(settings, commands),
                ResourceLimits.NONE)) {
            Optional<String> why = sandbox.whyUnsupported();
            if (why.isPresent()) {
                throw UserException.failed("cannot make a base here: " + why.get());
            }
            sandbox.sweep();
            Optional<HostLock> lock = HostLock.tryLock(nothing.resolve("init.lock"));
            if (lock.isEmpty()) {
                throw UserException.failed("another base is being made; wait for its end");
            }
            try {
                homes.init(
                        name,
                        new BaseHomes.Contents(Optional.ofNullable(archive), brew),
                        sandbox,
                        running().out(),
                        running().cancellation());
            } finally {
                lock.get().close();
            }
        }
        Console.println(running(), "made " + homes.home(name) + ": (from " + name + ")");
        return ExitCodes.OK;
    }
}
