package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Dockerfile;
import io.jenkins.plugins.obuilder.spec.DockerfileException;
import io.jenkins.plugins.obuilder.spec.SpecException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder dockerfile}. */
@Command(name = "dockerfile", description = "Prints a spec as a Dockerfile.", mixinStandardHelpOptions = true)
final class DockerfileCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private SpecFile spec;

    @Option(names = "--buildkit", description = "Use what only BuildKit knows: caches, secrets, networks.")
    private boolean buildkit;

    @Option(
            names = "--escape",
            paramLabel = "unix|windows",
            defaultValue = "unix",
            description = "The escape character: a backslash, or Windows' grave accent (default: ${DEFAULT-VALUE}).")
    private Dockerfile.Escape escape;

    @Override
    public Integer call() throws UserException, SpecException, IOException {
        try {
            parent.running()
                    .out()
                    .write(Bytes.toBytes(
                            Dockerfile.of(spec.read(Optional.empty()).spec(), buildkit, escape)));
        } catch (DockerfileException e) {
            throw UserException.usage(e.getMessage(), e);
        }
        return ExitCodes.OK;
    }
}
