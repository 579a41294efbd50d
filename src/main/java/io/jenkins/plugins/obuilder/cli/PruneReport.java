package io.jenkins.plugins.obuilder.cli;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Pruning;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What commands tell of a pruning. */
record PruneReport(Pruning.Report report, Running running) {
    private static final int MOST_WARNINGS = 10;

    /** What was deleted and what the file system says of it. */
    void print() {
        Console.println(
                running,
                "deleted " + count(report.deleted(), "snapshot") + ", " + report.left() + " left"
                        + (report.inUse() == 0 ? "" : ", of which running builds use " + report.inUse())
                        + "\nfree: " + HumanSize.free(report.after()) + ", before: "
                        + HumanSize.of(report.before().free())
                        + (report.reclaimed() ? "" : "; the file system is still at it"));
    }

    void printDryRun() {
        report.ids().forEach(id -> Console.println(running, id.hex()));
        running.err()
                .println("obuilder: would delete " + count(report.deleted(), "snapshot") + ", " + report.left()
                        + " would be left");
    }

    void printJson() throws IOException {
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
                report.undeletable().stream().map(PruneReport::fields).toList());
        Console.println(running, JSON.std.asString(fields));
    }

    private static Map<String, Object> fields(Pruning.Undeletable one) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", one.id().hex());
        fields.put("gone", one.gone());
        fields.put("why", one.why());
        return fields;
    }

    /** Names what could not be deleted, or as many as somebody reads. */
    void warn() {
        report.undeletable().stream()
                .limit(MOST_WARNINGS)
                .forEach(one -> running.err().println("obuilder: warning: " + one.why()));
        int more = report.undeletable().size() - MOST_WARNINGS;
        if (more > 0) {
            running.err().println("obuilder: warning: and " + more + " more; prune --json names all");
        }
    }

    /** What was to be deleted and is not makes the command fail, though all else is done. */
    void insistOnAll() throws UserException {
        if (!report.undeletable().isEmpty()) {
            throw UserException.failed("not all could be deleted: "
                    + count(report.undeletable().size(), "snapshot") + " left to the next pruning");
        }
    }

    static String count(int n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
