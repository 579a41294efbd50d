package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder clean}. */
@Command(
        name = "clean",
        description = "Deletes all snapshots that no running build uses. Caches stay, unless options say otherwise.",
        mixinStandardHelpOptions = true)
final class CleanCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreOption storeOption;

    @ArgGroup
    private What what = new What();

    /** What to delete. */
    private static final class What {
        @Option(
                names = "--caches",
                description = "Delete the caches instead: what (cache …) keeps from build to build.")
        private boolean caches;

        @Option(names = "--all", description = "Delete the snapshots and the caches.")
        private boolean all;
    }

    @Override
    public Integer call() throws UserException, IOException {
        Running running = parent.running();
        try (SharedStore store = storeOption.openExisting(running)) {
            if (what.caches || what.all) {
                Collection<String> caches = store.caches();
                for (String cache : caches) {
                    store.deleteCache(cache);
                }
                Console.println(running, "deleted " + PruneCommand.count(caches.size(), "cache"));
            }
            if (!what.caches) {
                Pruning.Report report = store.prune(Pruning.Limits.everything(), running.cancellation());
                PruneCommand.tell(running, report);
            }
            return running.cancellation().isCancelled() ? running.exitWhenCancelled() : ExitCodes.OK;
        }
    }
}
