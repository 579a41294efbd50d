package io.jenkins.plugins.obuilder.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MarkedLogTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String LOG =
            "ä before\n" + mark("step&stage=a+b&heading=%28run%29") + "(run)\n\u001b[1mbold\u001b]obuilder;"
                    + "0123456789abcdeX;event=saved\u0007\u001b]obuilder;" + mark("saved&id=1&cached=true&ms=12")
                    + "---> saved\n"
                    + mark("finished&status=succeeded&id=2&step=x%3D1&step=x%3D2") + "after\u001b";

    private static String mark(String event) {
        return "\u001b]obuilder;" + TOKEN + ";event=" + event + "\u0007";
    }

    /** What a reader makes of it that gets so many bytes at a time, and nothing else as long as it leaves some. */
    private static List<String> read(byte[] log, int piece) {
        MarkedLog marked = new MarkedLog(TOKEN);
        List<String> told = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int position = 0;
        int most = piece;
        while (position < log.length) {
            byte[] bytes = Arrays.copyOfRange(log, position, Math.min(log.length, position + most));
            MarkedLog.Parts parts = marked.read(bytes, position + bytes.length == log.length);
            for (MarkedLog.Part part : parts.parts()) {
                if (part.mark() == null) {
                    text.append(new String(
                            bytes, part.offset(), part.length(), java.nio.charset.StandardCharsets.ISO_8859_1));
                } else {
                    told.add(text.toString());
                    text.setLength(0);
                    told.add(part.mark().toString());
                }
            }
            position += parts.length();
            most = parts.length() == 0 ? most + piece : piece;
        }
        told.add(text.toString());
        return told;
    }

    @Test
    void marksAreToldFromTextAndForeignOnesAreText() {
        List<String> told = read(LOG.getBytes(UTF_8), Integer.MAX_VALUE / 2);

        assertThat(told).hasSize(7);
        assertThat(told.get(0)).isEqualTo("Ã¤ before\n");
        assertThat(told.get(1)).isEqualTo("Mark[fields={event=[step], stage=[a b], heading=[(run)]}]");
        assertThat(told.get(2))
                .isEqualTo("(run)\n\u001b[1mbold\u001b]obuilder;0123456789abcdeX;event=saved\u0007\u001b]obuilder;");
        assertThat(told.get(5))
                .isEqualTo("Mark[fields={event=[finished], status=[succeeded], id=[2], step=[x=1, x=2]}]");
        assertThat(told.get(6)).isEqualTo("after\u001b");
    }

    @Property
    void aPieceMayEndAnywhere(@ForAll @IntRange(min = 1, max = 300) int piece) {
        byte[] log = LOG.getBytes(UTF_8);

        assertThat(read(log, piece)).isEqualTo(read(log, log.length));
    }

    @Test
    void theResultIsLeftUntilNothingFollows() {
        byte[] log = ("x" + mark("finished&status=failed")).getBytes(UTF_8);
        MarkedLog marked = new MarkedLog(TOKEN);

        assertThat(marked.read(log, false).length()).isEqualTo(1);
        assertThat(marked.read(log, true).length()).isEqualTo(log.length);
    }

    @Test
    void fieldsThatAreNotThereAreEmpty() {
        Mark mark = Mark.parse("event=saved&ms=7&cached=true&x");

        assertThat(mark.event()).isEqualTo(Mark.SAVED);
        assertThat(mark.number("ms")).isEqualTo(7);
        assertThat(mark.number("nothing")).isZero();
        assertThat(mark.get("x")).isEmpty();
        assertThat(mark.all("nothing")).isEmpty();
        assertThat(mark.cached()).isTrue();
    }
}
