package io.jenkins.plugins.obuilder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** Runs command lines in this JVM. */
final class Shell {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** @return the exit status */
    int run(Object... arguments) {
        return runTo(out, arguments);
    }

    int runTo(OutputStream standardOutput, Object... arguments) {
        out.reset();
        err.reset();
        String[] args = new String[arguments.length];
        for (int i = 0; i < args.length; i++) {
            args[i] = arguments[i].toString();
        }
        return Main.run(new Running(standardOutput, new PrintStream(err, true, UTF_8), false, false), args);
    }

    String out() {
        return out.toString(UTF_8);
    }

    byte[] outBytes() {
        return out.toByteArray();
    }

    String err() {
        return err.toString(UTF_8);
    }
}
