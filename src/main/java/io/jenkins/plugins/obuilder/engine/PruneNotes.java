package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What prunings have to tell a build's reader: together one line. Thread-safe. */
final class PruneNotes {
    private final List<String> others = new ArrayList<>();
    private final Set<String> told = new HashSet<>();
    private int deleted;
    private long before;
    private Store.Space after;
    private boolean reclaimed;

    /** What was done; nothing is told when nothing was deleted, and what could not be is told once. */
    synchronized void add(Pruning.Report report) {
        for (Pruning.Undeletable one : report.undeletable()) {
            if (told.add(one.id().hex())) {
                others.add(one.why());
            }
        }
        if (report.deleted() == 0) {
            return;
        }
        if (deleted == 0) {
            before = report.before().free();
        }
        deleted += report.deleted();
        after = report.after();
        reclaimed = report.reclaimed();
    }

    /** @param subject of which one note is enough */
    synchronized void addOnce(String subject, String note) {
        if (told.add(subject)) {
            others.add(note);
        }
    }

    /** What there is to tell since the last call. */
    synchronized List<String> take() {
        List<String> news = new ArrayList<>();
        if (deleted > 0) {
            news.add("pruned " + deleted + (deleted == 1 ? " snapshot" : " snapshots") + ": "
                    + HumanSize.free(after) + " are free now, " + HumanSize.of(before) + " were before"
                    + (reclaimed ? "" : "; the file system is still at it"));
        }
        deleted = 0;
        news.addAll(others);
        others.clear();
        return news;
    }
}
