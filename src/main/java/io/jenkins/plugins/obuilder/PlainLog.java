package io.jenkins.plugins.obuilder;

import io.jenkins.plugins.obuilder.agent.LogReceiver;
import io.jenkins.plugins.obuilder.agent.Mark;
import java.io.IOException;
import java.io.OutputStream;

final class PlainLog implements LogReceiver {
    private final OutputStream out;

    PlainLog(OutputStream out) {
        this.out = out;
    }

    @Override
    public void text(byte[] buffer, int offset, int length) throws IOException {
        out.write(buffer, offset, length);
    }

    @Override
    public void mark(Mark mark) {}

    @Override
    public void flush() throws IOException {
        out.flush();
    }
}
