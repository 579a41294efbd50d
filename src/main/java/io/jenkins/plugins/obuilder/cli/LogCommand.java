package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder log}. */
@Command(name = "log", description = "Prints the saved log of a snapshot.", mixinStandardHelpOptions = true)
final class LogCommand implements Callable<Integer>, StoreCommand {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreAccess access;

    @Parameters(paramLabel = "ID", description = "The snapshot's id.", converter = IdConverter.class)
    private SnapshotId id;

    @Override
    public Integer call() throws UserException, IOException {
        return access.run(this, parent.running());
    }

    @Override
    public int on(SharedStore store, Running running) throws UserException, IOException {
        Store.Snapshot snapshot = store.find(id)
                .orElseThrow(() -> UserException.failed("there is no snapshot " + id + " in " + store.name()));
        try (InputStream log = Files.newInputStream(snapshot.log())) {
            log.transferTo(running.out());
        } catch (NoSuchFileException e) {
            running.err().println("obuilder: this snapshot has no log: its step printed nothing");
        }
        return ExitCodes.OK;
    }
}
