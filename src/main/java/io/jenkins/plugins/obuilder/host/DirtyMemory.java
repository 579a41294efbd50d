package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much the system has yet to write to its disks. */
public final class DirtyMemory {
    private static final Path TABLE = Path.of("/proc/meminfo");

    private DirtyMemory() {}

    /** In bytes, of all file systems together; 0 where the system does not tell. */
    public static long bytes() throws HostException {
        if (!Files.isReadable(TABLE)) {
            return 0;
        }
        try {
            return Files.readAllLines(TABLE).stream()
                    .map(line -> line.split("[: ]+"))
                    .filter(parts -> parts[0].equals("Dirty") || parts[0].equals("Writeback"))
                    .mapToLong(parts -> Long.parseLong(parts[1]) * 1024)
                    .sum();
        } catch (IOException e) {
            throw new HostException("cannot read " + TABLE + ": " + e.getMessage(), e);
        }
    }
}
