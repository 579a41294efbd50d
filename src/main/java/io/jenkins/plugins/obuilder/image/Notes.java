package io.jenkins.plugins.obuilder.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What could not be kept of an image, told at the end in one line a reason. */
final class Notes {
    private static final int NAMED = 3;

    private static final class Affected {
        private final List<String> first = new ArrayList<>();
        private long count;
    }

    private final Map<String, Affected> byReason = new TreeMap<>();

    /**
     * Notes one.
     *
     * @param reason a sentence's beginning, such as "left out sockets"
     * @param name byte string
     */
    void add(String reason, String name) {
        Affected affected = byReason.computeIfAbsent(reason, r -> new Affected());
        affected.count++;
        if (affected.first.size() < NAMED) {
            affected.first.add(ImageException.quote(name));
        }
    }

    void tell(Progress progress) {
        byReason.forEach((reason, affected) -> {
            long more = affected.count - affected.first.size();
            progress.say(
                    reason + ": " + String.join(", ", affected.first) + (more > 0 ? " and " + more + " more" : ""));
        });
        byReason.clear();
    }
}
