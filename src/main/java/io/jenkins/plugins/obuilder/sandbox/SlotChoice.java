package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * The number whose account and home path a build's steps have. The first that no other build has chosen, so that builds one after the
 * other find each other's snapshots; when all are chosen, any: the steps of builds that share one take turns.
 */
final class SlotChoice implements Closeable {
    private final int uid;
    private final Optional<HostLock> lock;

    private SlotChoice(int uid, Optional<HostLock> lock) {
        this.uid = uid;
        this.lock = lock;
    }

    static SlotChoice first(MacSettings settings) {
        return new SlotChoice(settings.firstUid(), Optional.empty());
    }

    /** @param not numbers that cannot be used; when there are no others, the first is chosen, and whoever uses it is told why not */
    static SlotChoice of(MacSettings settings, Set<Integer> not) throws IOException {
        List<Integer> usable = IntStream.rangeClosed(settings.firstUid(), settings.lastUid())
                .filter(uid -> !not.contains(uid))
                .boxed()
                .toList();
        if (usable.isEmpty() || settings.firstUid() == settings.lastUid()) {
            return first(settings);
        }
        Path choices = Files.createDirectories(settings.runtime().resolve("choices"));
        for (int uid : usable) {
            Optional<HostLock> lock = HostLock.tryLock(choices.resolve(uid + ".lock"));
            if (lock.isPresent()) {
                return new SlotChoice(uid, lock);
            }
        }
        int any = usable.get(ThreadLocalRandom.current().nextInt(usable.size()));
        return new SlotChoice(any, Optional.empty());
    }

    int uid() {
        return uid;
    }

    @Override
    public void close() throws HostException {
        if (lock.isPresent()) {
            lock.get().close();
        }
    }
}
