package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.Installation;
import io.jenkins.plugins.obuilder.boundary.RootProcess;
import io.jenkins.plugins.obuilder.host.ProcessUser;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * How a build comes by the rights of root: the one place that decides. Whoever wants a build, a shell or a Jenkins agent, starts the engine
 * as itself and with the same command line, and the engine
 *
 * <ol>
 *   <li>builds, when it runs as root;
 *   <li>otherwise has the root side build that {@code obuilder install} has installed, if it is there, sudo allows it and both speak the
 *       same protocol: this process then reads and writes all files that the caller named, and answers root's questions about them;
 *   <li>otherwise says what an administrator has to do, on standard error and in the file of {@code --result}.
 * </ol>
 */
final class RootAccess {
    /** Why builds need it. */
    static final String BUILDS = "builds need root";

    @Option(
            names = "--wrapper",
            paramLabel = "FILE",
            description =
                    "Where obuilder install has put the program that builds as root for other users (default: ${DEFAULT-VALUE}).",
            defaultValue = Installation.DEFAULT_PREFIX + "/" + Installation.WRAPPER)
    private Path wrapper;

    /** Whether this process has them itself. */
    boolean isDirect() {
        return ProcessUser.isRoot();
    }

    /** Whether there is a root side. */
    boolean isInstalled() {
        return Files.exists(wrapper);
    }

    /** Why root's rights cannot be had, and what to do; empty when they can. */
    Optional<String> whyNot() throws IOException {
        if (isDirect()) {
            return Optional.empty();
        }
        try (RootProcess root = start(BUILDS)) {
            return root.hello().fits()
                    ? Optional.empty()
                    : Optional.of(root.hello().mismatch(Version.text()));
        } catch (UserException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Starts the root side. @param why it is needed, for messages */
    RootProcess start(String why) throws UserException, IOException {
        try {
            return RootProcess.start(wrapper, Version.text(), new SystemCommands());
        } catch (RootProcess.RootException e) {
            throw UserException.failed(why + ", and this runs as the user " + ProcessUser.name() + "; "
                    + e.getMessage()
                    + "\nEither start the Jenkins agent (or this command) as root, or let an administrator of"
                    + " this machine run, once, as root:\n    java -jar " + Installation.runningJar()
                    + " install --user "
                    + ProcessUser.name());
        }
    }
}
