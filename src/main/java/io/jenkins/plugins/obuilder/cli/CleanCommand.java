package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.StoreException;
import java.io.IOException;
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
            int left = what.caches || what.all ? deleteCaches(running, store) : 0;
            if (!what.caches) {
                Pruning.Report report = store.prune(Pruning.Limits.everything(), running.cancellation());
                PruneReport told = new PruneReport(report, running);
                told.print();
                told.warn();
                if (!running.cancellation().isCancelled()) {
                    told.insistOnAll();
                }
            }
            if (running.cancellation().isCancelled()) {
                return running.exitWhenCancelled();
            }
            return left == 0 ? ExitCodes.OK : ExitCodes.FAILED;
        }
    }

    /** What somebody has mounted, say, is no reason to keep the others. @return how many are left */
    private static int deleteCaches(Running running, SharedStore store) throws IOException {
        int deleted = 0;
        int left = 0;
        for (String cache : store.caches()) {
            try {
                store.deleteCache(cache);
                deleted++;
            } catch (StoreException | HostException e) {
                left++;
                running.err().println("obuilder: warning: the cache " + cache + " is left: " + e.getMessage());
            }
        }
        Console.println(running, "deleted " + PruneReport.count(deleted, "cache"));
        return left;
    }
}
