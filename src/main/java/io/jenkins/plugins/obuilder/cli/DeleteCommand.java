package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder delete}. */
@Command(
        name = "delete",
        description = "Deletes a snapshot and all that was built on it, and prints their ids.",
        mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreOption storeOption;

    @Parameters(paramLabel = "ID", description = "The snapshot's id.", converter = IdConverter.class)
    private SnapshotId id;

    @Override
    public Integer call() throws UserException, IOException {
        try (SharedStore store = storeOption.openExisting(parent.running())) {
            store.deleteAll(id, deleted -> Console.println(parent.running(), deleted.hex()));
        }
        return ExitCodes.OK;
    }
}
