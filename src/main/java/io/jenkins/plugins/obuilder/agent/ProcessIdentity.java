package io.jenkins.plugins.obuilder.agent;

import java.time.Instant;
import java.util.Optional;

/**
 * A process of this machine, told from later ones of the same number by when it began.
 *
 * @param began milliseconds since the epoch; 0 when the system does not tell
 */
record ProcessIdentity(long pid, long began) {
    static ProcessIdentity of(ProcessHandle process) {
        return new ProcessIdentity(
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    }

    static ProcessIdentity parse(String text) {
        int space = text.indexOf(' ');
        return new ProcessIdentity(Long.parseLong(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }

    boolean lives() {
        Optional<ProcessHandle> now = ProcessHandle.of(pid);
        return now.isPresent() && now.get().isAlive() && of(now.get()).equals(this);
    }

    @Override
    public String toString() {
        return pid + " " + began;
    }
}
