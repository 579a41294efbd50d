package io.jenkins.plugins.obuilder.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * A process of this machine, told from later ones of the same number by when it began.
 *
 * @param began on Linux in clock ticks since the machine started, which no change of the clock moves; elsewhere in milliseconds since the
 *     epoch; 0 when the system does not tell
 */
record ProcessIdentity(long pid, long began) {
    /** The field of {@code /proc/PID/stat} with the start time, counted from the one behind the name. */
    private static final int START_TIME = 19;

    static ProcessIdentity of(long pid) {
        Path stat = Path.of("/proc/" + pid + "/stat");
        if (Files.exists(stat)) {
            try {
                String text = Files.readString(stat);
                return new ProcessIdentity(
                        pid,
                        Long.parseLong(text.substring(text.lastIndexOf(')') + 2).split(" ")[START_TIME]));
            } catch (IOException e) {
                return new ProcessIdentity(pid, 0); // it has just ended
            }
        }
        return new ProcessIdentity(
                pid,
                ProcessHandle.of(pid)
                        .flatMap(process -> process.info().startInstant())
                        .map(Instant::toEpochMilli)
                        .orElse(0L));
    }

    static ProcessIdentity parse(String text) {
        int space = text.indexOf(' ');
        return new ProcessIdentity(Long.parseLong(text.substring(0, space)), Long.parseLong(text.substring(space + 1)));
    }

    boolean lives() {
        Optional<ProcessHandle> now = ProcessHandle.of(pid);
        return now.isPresent() && now.get().isAlive() && of(pid).equals(this);
    }

    @Override
    public String toString() {
        return pid + " " + began;
    }
}
