package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class OrderedOutputTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final OrderedOutput ordered = new OrderedOutput(out);

    private static void write(OrderedOutput.Part part, String text) throws IOException {
        part.write(text.getBytes(UTF_8), 0, text.length());
    }

    @Test
    void theFirstUnfinishedPartIsLiveAndTheOthersFollowWhole() throws IOException {
        OrderedOutput.Part a = ordered.add();
        OrderedOutput.Part b = ordered.add();
        OrderedOutput.Part c = ordered.add();

        write(b, "b1 ");
        write(c, "c1 ");
        write(a, "a1 ");
        assertThat(out).hasToString("a1 ");
        c.finish();
        write(a, "a2 ");
        a.finish();
        assertThat(out).hasToString("a1 a2 b1 ");
        write(b, "b2 ");
        assertThat(out).hasToString("a1 a2 b1 b2 ");
        b.finish();
        assertThat(out).hasToString("a1 a2 b1 b2 c1 ");
    }

    @Test
    void closingLetsUnfinishedPartsFollowInOrder() throws IOException {
        OrderedOutput.Part a = ordered.add();
        OrderedOutput.Part b = ordered.add();
        write(b, "b");
        write(a, "a");

        ordered.close();

        assertThat(out).hasToString("ab");
    }

    @Test
    void muchKeptOutputComesBackWhole() throws IOException {
        OrderedOutput.Part a = ordered.add();
        OrderedOutput.Part b = ordered.add();
        byte[] block = new byte[100_000];
        for (int i = 0; i < 10; i++) {
            java.util.Arrays.fill(block, (byte) ('0' + i));
            b.write(block, 0, block.length);
        }

        a.finish();

        assertThat(out.size()).isEqualTo(1_000_000);
        for (int i = 0; i < 10; i++) {
            assertThat(out.toByteArray()[i * 100_000 + 99_999]).isEqualTo((byte) ('0' + i));
        }
    }
}
