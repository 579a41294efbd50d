package io.jenkins.plugins.obuilder.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder prepare}: for whoever installs the engine, so hidden. */
@Command(
        name = "prepare",
        hidden = true,
        description = "Makes a file that lets obuilder start faster, for the very jar and Java that this is run with.",
        mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Parameters(
            paramLabel = "DIRECTORY",
            description = "Where to: gets classes.jsa, for -XX:SharedArchiveFile=DIRECTORY/classes.jsa.")
    private Path directory;

    @Override
    public Integer call() throws UserException, IOException {
        Path jar = PreparedStart.jar()
                .orElseThrow(() -> UserException.usage("only an engine that runs from its jar can be prepared"));
        new PreparedStart(jar, directory.toAbsolutePath(), parent.running().cancellation()).make();
        return ExitCodes.OK;
    }
}
