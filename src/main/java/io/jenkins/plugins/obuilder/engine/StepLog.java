package io.jenkins.plugins.obuilder.engine;

import java.io.IOException;
import java.io.OutputStream;

/** A step's output: saved first, then told. */
final class StepLog extends OutputStream {
    private final OutputStream saved;
    private final BuildEvents events;
    private final String stage;

    StepLog(OutputStream saved, BuildEvents events, String stage) {
        this.saved = saved;
        this.events = events;
        this.stage = stage;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        saved.write(buffer, offset, length);
        events.output(stage, buffer, offset, length);
    }

    @Override
    public void close() throws IOException {
        saved.close();
    }
}
