package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.AgentConf;
import io.jenkins.plugins.obuilder.boundary.Installation;
import io.jenkins.plugins.obuilder.boundary.Sudoers;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.ProcessUser;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say where the root side is installed. */
final class InstallPlaces {
    @Option(
            names = "--prefix",
            paramLabel = "DIRECTORY",
            defaultValue = Installation.DEFAULT_PREFIX,
            description = "Where obuilder is installed for root (default: ${DEFAULT-VALUE}).")
    private Path prefix;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The configuration that says what builds may use (default: /etc/obuilder/agent.conf).")
    private Path config = AgentConf.DEFAULT;

    @Option(
            names = "--sudoers",
            paramLabel = "FILE",
            description = "The file for sudo, in a directory that it reads (default: /etc/sudoers.d/obuilder).")
    private Path sudoers = Sudoers.DEFAULT;

    void insistOnRoot(String command) throws UserException {
        if (!ProcessUser.isRoot()) {
            throw UserException.failed(
                    "obuilder " + command + " changes what root runs: run it as root, with sudo say");
        }
    }

    Installation installation() {
        return Installation.at(prefix);
    }

    Path config() {
        return config.toAbsolutePath().normalize();
    }

    Path sudoersFile() {
        return sudoers.toAbsolutePath().normalize();
    }

    Sudoers sudoers(Commands commands) {
        return new Sudoers(sudoersFile(), commands);
    }
}
