package io.jenkins.plugins.obuilder;

import static java.nio.charset.StandardCharsets.UTF_8;

import hudson.model.TaskListener;
import io.jenkins.plugins.obuilder.agent.LogReceiver;
import io.jenkins.plugins.obuilder.agent.Mark;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import org.apache.commons.io.output.WriterOutputStream;

/** The engine's log as a run's log shows it: with notes that tell stages and steps apart, each on a line of its own. */
final class AnnotatedLog implements LogReceiver {
    private final OutputStream log;
    private final OutputStream text;
    private boolean lineBegins = true;

    /** @param charset of the run's log: the engine writes UTF-8, or what commands print for it */
    AnnotatedLog(TaskListener listener, Charset charset) {
        log = listener.getLogger();
        text = charset.equals(UTF_8) ? log : transcoded(log, charset);
    }

    private static OutputStream transcoded(OutputStream log, Charset charset) {
        try {
            return WriterOutputStream.builder()
                    .setWriter(new java.io.OutputStreamWriter(log, charset))
                    .setCharset(UTF_8)
                    .setWriteImmediately(true)
                    .get();
        } catch (IOException e) {
            throw new IllegalStateException("nothing is opened", e);
        }
    }

    @Override
    public void text(byte[] buffer, int offset, int length) throws IOException {
        text.write(buffer, offset, length);
        lineBegins = buffer[offset + length - 1] == '\n';
    }

    @Override
    public void mark(Mark mark) throws IOException {
        text.flush();
        if (!lineBegins) {
            log.write('\n');
            lineBegins = true;
        }
        new StepNote(mark.event(), mark.cached()).encodeTo(log);
    }

    @Override
    public void flush() throws IOException {
        text.flush();
        log.flush();
    }
}
