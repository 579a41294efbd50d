package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream that is read ahead is the stream; what goes wrong goes wrong at its place; nothing of it is left. */
class AheadInputTest {
    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Property(tries = 60)
    void bringsTheSameBytes(
            @ForAll @IntRange(max = 5_000_000) int size, @ForAll @IntRange(min = 1, max = 600_000) int most)
            throws IOException {
        byte[] bytes = random(size);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = new AheadInput(new ByteArrayInputStream(bytes))) {
            byte[] buffer = new byte[most];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(out.toByteArray()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1 << 18, 3_000_000})
    void aFailureComesBehindWhatWasReadBefore(int size) throws IOException {
        IOException failure = new IOException("broken");
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw failure;
            }
        };
        try (InputStream in = new AheadInput(new SequenceInputStream(new ByteArrayInputStream(random(size)), broken))) {
            // The rest of a block that was not read whole is lost: nobody uses what stands before a failure.
            assertThatThrownBy(in::readAllBytes).isSameAs(failure);
            assertThatThrownBy(in::read).isSameAs(failure);
        }
    }

    @Test
    void anUncheckedExceptionAndAnErrorComeThroughToo() throws IOException {
        for (Throwable thrown : new Throwable[] {new IllegalStateException("x"), new StackOverflowError()}) {
            InputStream broken = new InputStream() {
                @Override
                public int read() {
                    if (thrown instanceof Error error) {
                        throw error;
                    }
                    throw (RuntimeException) thrown;
                }
            };
            try (InputStream in = new AheadInput(broken)) {
                assertThatThrownBy(in::read).isSameAs(thrown);
            }
        }
    }

    @Test
    void closingEndsAReaderThatWaitsAndThenClosesTheStream() throws Exception {
        AtomicReference<Thread> reader = new AtomicReference<>();
        AtomicBoolean closed = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);
        InputStream waiting = new InputStream() {
            @Override
            public int read() throws IOException {
                reader.set(Thread.currentThread());
                try {
                    never.await();
                    return -1;
                } catch (InterruptedException e) {
                    throw new InterruptedIOException("interrupted");
                }
            }

            @Override
            public void close() {
                assertThat(reader.get().isAlive()).isFalse();
                closed.set(true);
            }
        };
        InputStream in = new AheadInput(waiting);
        await().until(() -> reader.get() != null);

        in.close();

        assertThat(closed).isTrue();
    }

    @Test
    void closingEndsAReaderThatIsFarAhead() throws Exception {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                return length;
            }
        };
        try (InputStream in = new AheadInput(endless)) {
            assertThat(in.read()).isZero();
        }
    }
}
