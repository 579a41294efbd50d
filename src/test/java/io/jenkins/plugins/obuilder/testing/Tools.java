package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.file.Path;
import java.time.Duration;

/** Runs real tools for tests. */
public final class Tools {
    private static final SystemCommands COMMANDS = new SystemCommands();

    private Tools() {}

    /** Runs a program and insists on exit status 0. Returns its output as a byte string. */
    public static String run(Path directory, String... argv) throws HostException {
        return Bytes.of(COMMANDS.run(command(directory, argv)).output());
    }

    /** Runs a shell script of bytes: names need not be UTF-8. */
    public static void script(Path directory, String byteString) throws HostException {
        COMMANDS.run(command(directory, "sh", "-eu").input(Bytes.toBytes(byteString)));
    }

    /** A byte string as one word of a shell script. */
    public static String quoted(String byteString) {
        return "'" + byteString.replace("'", "'\\''") + "'";
    }

    private static HostCommand command(Path directory, String... argv) {
        return HostCommand.of("run a tool for a test", argv).in(directory).within(Duration.ofMinutes(5));
    }
}
