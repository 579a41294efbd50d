package io.jenkins.plugins.obuilder.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class LogCollector implements LogReceiver {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    final List<Mark> marks = new ArrayList<>();

    @Override
    public void text(byte[] buffer, int offset, int length) {
        text.write(buffer, offset, length);
    }

    @Override
    public void mark(Mark mark) {
        marks.add(mark);
    }

    @Override
    public void flush() {
        // Memory is where no crash of this process leaves it.
    }

    String output() {
        return text.toString(UTF_8);
    }
}
