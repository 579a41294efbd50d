package io.jenkins.plugins.obuilder.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
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
final class PruneCommand implements Callable<Integer> {
    private static final int MOST_WARNINGS = 10;

    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreOption storeOption;

    @Option(
            names = "--before",
            paramLabel = "TIME",
            description =
                    "Delete only what was last used before: 2026-07-01 or '2026-07-01 18:30' in local time, or with a zone,"
                            + " 2026-07-01T16:30:00Z.")
    private String before;

    @Option(names = "--max-items", paramLabel = "N", description = "Delete until at most so many snapshots are left.")
    private Integer maxItems;

    @Option(
            names = "--keep-free",
            paramLabel = "SIZE|PERCENT",
            description = "Delete until so much of the file system is free: 20G, 10%%.")
    private String keepFree;

    @Option(names = "--limit", paramLabel = "N", description = "Delete at most so many this time.")
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

    @Override
    public Integer call() throws UserException, IOException {
        if (before == null && maxItems == null && keepFree == null && limit == null) {
            throw UserException.usage(
                    "what to keep? (--before TIME, --max-items N, --keep-free SIZE, --limit N; clean deletes everything)");
        }
        if (dryRun && keepFree != null) {
            throw UserException.usage(
                    "--dry-run cannot tell what --keep-free would delete: how much room that makes shows"
                            + " only when it is done");
        }
        Instant time = before == null ? Instant.MAX : Moments.parse("--before", before);
        OptionalInt items = maxItems == null ? OptionalInt.empty() : OptionalInt.of(number("--max-items", maxItems));
        int most = limit == null ? Integer.MAX_VALUE : number("--limit", limit);
        Running running = parent.running();
        try (SharedStore store = storeOption.openExisting(running)) {
            OptionalLong free = keepFree == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Sizes.parse("--keep-free", keepFree, store.space()));
            Pruning.Limits limits = new Pruning.Limits(time, most, items, free);
            Pruning.Report report = dryRun ? store.wouldPrune(limits) : store.prune(limits, running.cancellation());
            if (json) {
                Console.println(running, json(report));
            } else if (dryRun) {
                report.ids().forEach(id -> Console.println(running, id.hex()));
                running.err()
                        .println("obuilder: would delete " + count(report.deleted(), "snapshot") + ", " + report.left()
                                + " would be left");
            } else {
                tell(running, report);
            }
            warn(running, report);
            if (running.cancellation().isCancelled()) {
                return running.exitWhenCancelled();
            }
            if (!report.enough()) {
                throw UserException.failed(
                        "this is not enough for "
                                + (items.isPresent() && report.left() > items.getAsInt()
                                        ? "--max-items " + maxItems
                                        : "--keep-free " + keepFree)
                                + ": what is left is in use, or was used too lately, or cannot be deleted now, or --limit was reached");
            }
            insistOnAll(report);
            return ExitCodes.OK;
        }
    }

    private static String json(Pruning.Report report) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("deleted", report.deleted());
        fields.put("left", report.left());
        fields.put("inUse", report.inUse());
        fields.put("total", report.after().total());
        fields.put("free", report.after().free());
        fields.put("freeBefore", report.before().free());
        fields.put("enough", report.enough());
        fields.put("ids", report.ids().stream().map(SnapshotId::hex).toList());
        fields.put(
                "undeletable",
                report.undeletable().stream().map(PruneCommand::fields).toList());
        return JSON.std.asString(fields);
    }

    private static Map<String, Object> fields(Pruning.Undeletable one) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", one.id().hex());
        fields.put("gone", one.gone());
        fields.put("why", one.why());
        return fields;
    }

    /** Names what could not be deleted, or as many as somebody reads. */
    static void warn(Running running, Pruning.Report report) {
        report.undeletable().stream()
                .limit(MOST_WARNINGS)
                .forEach(one -> running.err().println("obuilder: warning: " + one.why()));
        if (report.undeletable().size() > MOST_WARNINGS) {
            running.err()
                    .println("obuilder: warning: and " + (report.undeletable().size() - MOST_WARNINGS)
                            + " more; --json names all");
        }
    }

    /** What was to be deleted and is not makes the command fail, though all else is done. */
    static void insistOnAll(Pruning.Report report) throws UserException {
        if (!report.undeletable().isEmpty()) {
            throw UserException.failed("not all could be deleted: "
                    + count(report.undeletable().size(), "snapshot") + " left to the next pruning");
        }
    }

    private static int number(String option, int value) throws UserException {
        if (value < 0) {
            throw UserException.usage(option + " " + value + ": it cannot be less than 0");
        }
        return value;
    }

    /** Tells what was deleted and what the file system says of it. */
    static void tell(Running running, Pruning.Report report) {
        Console.println(
                running,
                "deleted " + count(report.deleted(), "snapshot") + ", " + report.left() + " left"
                        + (report.inUse() == 0 ? "" : ", of which running builds use " + report.inUse())
                        + "\nfree: " + HumanSize.free(report.after()) + ", before: "
                        + HumanSize.of(report.before().free())
                        + (report.reclaimed() ? "" : "; the file system is still at it"));
    }

    static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
