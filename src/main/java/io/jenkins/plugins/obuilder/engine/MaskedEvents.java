package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Events without secrets in what commands print: what they print now, and what the saved log of a cached step holds. */
final class MaskedEvents implements BuildEvents {
    private final BuildEvents events;
    private final SecretMask mask;
    private final Map<String, MaskedOutput> outputs = new ConcurrentHashMap<>();

    private MaskedEvents(BuildEvents events, SecretMask mask) {
        this.events = events;
        this.mask = mask;
    }

    static BuildEvents of(BuildEvents events, SecretMask mask) {
        return mask.isEmpty() ? events : new MaskedEvents(events, mask);
    }

    /** The output of one stage, behind the mask. */
    private final class StageOutput extends OutputStream {
        private final String stage;

        StageOutput(String stage) {
            this.stage = stage;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            events.output(stage, buffer, offset, length);
        }
    }

    @Override
    public void output(String stage, byte[] buffer, int offset, int length) {
        try {
            outputs.computeIfAbsent(stage, s -> new MaskedOutput(mask, new StageOutput(s)))
                    .write(buffer, offset, length);
        } catch (IOException e) {
            throw new UncheckedIOException("events report no errors", e);
        }
    }

    private void endOutput(String stage) {
        MaskedOutput output = outputs.remove(stage);
        if (output != null) {
            try {
                output.end();
            } catch (IOException e) {
                throw new UncheckedIOException("events report no errors", e);
            }
        }
    }

    @Override
    public void stageStarted(String stage) {
        events.stageStarted(stage);
    }

    @Override
    public void stepStarted(String stage, String workdir, Op op, String heading) {
        events.stepStarted(stage, workdir, op, heading);
    }

    @Override
    public void stepFinished(String stage, SnapshotId id, boolean cached, Duration duration) {
        endOutput(stage);
        events.stepFinished(stage, id, cached, duration);
    }

    @Override
    public void note(String stage, String text) {
        endOutput(stage);
        events.note(stage, text);
    }

    @Override
    public void progress(String stage, String text) {
        events.progress(stage, text);
    }

    @Override
    public void stageFinished(String stage) {
        events.stageFinished(stage);
    }

    @Override
    public void stageFailed(String stage, String message) {
        endOutput(stage);
        events.stageFailed(stage, message);
    }

    @Override
    public void buildFinished(BuildOutcome outcome) {
        events.buildFinished(outcome);
    }
}
