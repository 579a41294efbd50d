package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.Store;
import java.util.ArrayList;
import java.util.List;

/** What prunings have to tell a build's reader: together one line. Thread-safe. */
final class PruneNotes {
    private final List<String> others = new ArrayList<>();
    private int deleted;
    private long before;
    private Store.Space after;
    private boolean reclaimed;
    private boolean toldOnce;

    /** What was done; nothing is told when nothing was deleted. */
    synchronized void add(Pruning.Report report) {
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

    synchronized void add(String note) {
        others.add(note);
    }

    synchronized void addOnce(String note) {
        if (!toldOnce) {
            toldOnce = true;
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
