package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file with every command that this process has run, in the order of their ends: the line as one would type it, its exit status, and how
 * long it took. For whoever wants to know, or to try by hand, what was done to a system.
 */
public final class CommandLog {
    private static volatile FileChannel file;

    private CommandLog() {}

    /** Appends to this file from now on, which only its owner may read: commands show the environment of steps. */
    public static void appendTo(Path path) throws IOException {
        file = FileChannel.open(
                path,
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    static void add(HostCommand command, String ending, long millis) throws HostException {
        FileChannel to = file;
        if (to == null) {
            return;
        }
        StringBuilder line =
                new StringBuilder(command.toString().replace("\\", "\\\\").replace("\n", "\\n"));
        if (command.input().length > 0) {
            String input = new String(command.input(), UTF_8);
            line.append(" <<< ").append(input.replace("\\", "\\\\").replace("\n", "\\n"));
        }
        line.append("   # ").append(ending).append(", ").append(millis).append(" ms\n");
        try {
            to.write(ByteBuffer.wrap(line.toString().getBytes(UTF_8)));
        } catch (IOException e) {
            throw new HostException("cannot write to the log of commands: " + e.getMessage(), e);
        }
    }
}
