package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder prune}. */
@Command(
        name = "prune",
        description = {
            "Deletes snapshots, the longest unused first, but none that a running build uses or that a kept one was built on.",
            "At least one of these is needed; with several, what each says holds. It ends when --max-items and --keep-free are both"
                    + " reached, or with neither of them, when nothing is left that --before and --limit allow."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class PruneCommand implements Callable<Integer>, StoreCommand {
    static final String BEFORE = "--before";
    static final String MAX_ITEMS = "--max-items";
    static final String LIMIT = "--limit";

    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreAccess access;

    /** None where the store's owner prunes. */
    private Optional<AllowedPruning> allowed = Optional.empty();

    @Option(
            names = BEFORE,
            paramLabel = "TIME",
            description =
                    "Delete only what was last used before: 2026-07-01 or '2026-07-01 18:30' in local time, or with a zone,"
                            + " 2026-07-01T16:30:00Z.")
    private String before;

    @Option(names = MAX_ITEMS, paramLabel = "N", description = "Delete until at most so many snapshots are left.")
    private Integer maxItems;

    @Option(
            names = SpaceOptions.KEEP_FREE,
            paramLabel = "SIZE|PERCENT",
            description = "Delete until so much of the file system is free: 20G, 10%%.")
    private String keepFree;

    @Option(names = LIMIT, paramLabel = "N", description = "Delete at most so many this time.")
    private Integer limit;

    @Option(
            names = "--dry-run",
            description =
                    "Delete nothing, and print the ids of what would be deleted. Not with --keep-free: how much room"
                            + " that makes shows only when it is done.")
    private boolean dryRun;

    @Option(
            names = "--json",
            description =
                    "An object: deleted (or that would be), left, inUse, total, free and freeBefore (bytes of the file"
                            + " system), enough (whether --max-items and --keep-free are reached), ids, undeletable (objects"
                            + " with id, why, and gone: whether it is deleted and only its space not free).")
    private boolean json;

    /** Prunes no further than a caller may. */
    void within(AllowedPruning bounds) {
        allowed = Optional.of(bounds);
    }

    @Override
    public Integer call() throws UserException, IOException {
        return access.run(this, parent.running());
    }

    @Override
    public void check() throws UserException {
        if (before == null && maxItems == null && keepFree == null && limit == null) {
            throw UserException.usage(
                    "what to keep? (--before TIME, --max-items N, --keep-free SIZE, --limit N; clean deletes everything)");
        }
        if (dryRun && keepFree != null) {
            throw UserException.usage(
                    "--dry-run cannot tell what --keep-free would delete: how much room that makes shows"
                            + " only when it is done");
        }
        time();
        items();
        most();
    }

    private Instant time() throws UserException {
        return before == null ? Instant.MAX : Moments.parse(BEFORE, before);
    }

    private OptionalInt items() throws UserException {
        return maxItems == null ? OptionalInt.empty() : OptionalInt.of(number(MAX_ITEMS, maxItems));
    }

    private int most() throws UserException {
        return limit == null ? Integer.MAX_VALUE : number(LIMIT, limit);
    }

    private static int number(String option, int value) throws UserException {
        if (value < 0) {
            throw UserException.usage(option + " " + value + ": it cannot be less than 0");
        }
        return value;
    }

    private Pruning.Limits limits(Store store) throws UserException, IOException {
        Store.Space space = store.space();
        OptionalLong free = keepFree == null
                ? OptionalLong.empty()
                : OptionalLong.of(Sizes.parse(SpaceOptions.KEEP_FREE, keepFree, space));
        Pruning.Limits wanted = new Pruning.Limits(time(), most(), items(), free);
        return allowed.isPresent() ? allowed.get().of(wanted, space) : wanted;
    }

    @Override
    public int on(SharedStore store, Running running) throws UserException, IOException {
        Pruning.Limits limits = limits(store);
        Pruning.Report report = dryRun ? store.wouldPrune(limits) : store.prune(limits, running.cancellation());
        PruneReport told = new PruneReport(report, running);
        if (json) {
            told.printJson();
        } else if (dryRun) {
            told.printDryRun();
        } else {
            told.print();
        }
        told.warn();
        if (running.cancellation().isCancelled()) {
            return running.exitWhenCancelled();
        }
        if (!report.enough()) {
            throw UserException.failed(
                    "this is not enough for "
                            + (items().isPresent() && report.left() > items().getAsInt()
                                    ? MAX_ITEMS + " " + maxItems
                                    : SpaceOptions.KEEP_FREE + " " + keepFree)
                            + ": what is left is in use, or was used too lately, or cannot be deleted now, or --limit was reached");
        }
        told.insistOnAll();
        return ExitCodes.OK;
    }
}
