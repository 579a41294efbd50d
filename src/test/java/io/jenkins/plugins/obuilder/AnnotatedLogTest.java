package io.jenkins.plugins.obuilder;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import hudson.MarkupText;
import hudson.model.StreamBuildListener;
import io.jenkins.plugins.obuilder.agent.Mark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnnotatedLogTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private AnnotatedLog log(Charset charset) {
        return new AnnotatedLog(new StreamBuildListener(out), charset);
    }

    private static void write(AnnotatedLog log, byte[] bytes) throws IOException {
        log.text(bytes, 0, bytes.length);
    }

    private static Mark mark(String event) {
        return new Mark(Map.of("event", List.of(event)));
    }

    @Test
    void aStepBeginsOnALineOfItsOwn() throws Exception {
        AnnotatedLog log = log(UTF_8);
        log.mark(mark(Mark.STEP));
        write(log, "(run)\nno newline".getBytes(UTF_8));
        log.mark(mark(Mark.SAVED));
        write(log, "---> saved\n".getBytes(UTF_8));
        log.flush();

        assertThat(out.toString(UTF_8).replaceAll("<[^>]*>", "")).isEqualTo("(run)\nno newline\n---> saved\n");
        assertThat(out.toString(UTF_8))
                .contains("<span class=\"obuilder-step\"></span>(run)")
                .contains("\n<span class=\"obuilder-saved\"></span>---> saved");
    }

    @Test
    void bytesGoThroughAsTheyAre() throws Exception {
        byte[] bytes = {'a', (byte) 0xc3, (byte) 0xff, 0, '\n'};
        AnnotatedLog log = log(UTF_8);
        for (byte b : bytes) {
            write(log, new byte[] {b});
        }

        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @Test
    void aLogInAnotherEncodingGetsTheSameCharactersWhereverAPieceEnds() throws Exception {
        AnnotatedLog log = log(ISO_8859_1);
        for (byte b : "wärm €\n".getBytes(UTF_8)) {
            write(log, new byte[] {b});
        }
        log.flush();

        assertThat(out.toString(ISO_8859_1)).isEqualTo("wärm ?\n");
    }

    @Test
    void aNoteColoursTheRestOfItsLine() {
        MarkupText text = new MarkupText("prefix ---> using");
        new StepNote(Mark.SAVED, true).annotate(null, text, 7);

        assertThat(text.toString(true)).isEqualTo("prefix <span class=\"obuilder-cached\">---> using</span>");
    }
}
