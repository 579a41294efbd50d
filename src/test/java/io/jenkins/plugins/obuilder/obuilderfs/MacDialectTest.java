package io.jenkins.plugins.obuilder.obuilderfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.FuseConnection;
import io.jenkins.plugins.obuilder.host.NativeBuffer;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The link of the mode redirect as a Mac's kernel would ask for it, byte for byte as fuse_kernel.h of macFUSE has it. The kernel is this test:
 * no Mac has run it.
 */
@Needs(Need.PRIVATE_ROOT)
class MacDialectTest {
    private static final int ALICE = 6001;
    private static final int HEADER = 16;

    @TempDir
    private Path directory;

    private final BlockingQueue<byte[]> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuffer> replies = new LinkedBlockingQueue<>();
    private Scoreboard scoreboard;
    private FuseServer server;
    private long unique = 100;

    @BeforeEach
    void serve() throws Exception {
        scoreboard = Scoreboard.open(Files.createDirectory(directory.resolve("scoreboard")));
        scoreboard.lead(ALICE, Path.of("/Users/mac6001"));
        server = new FuseServer(
                new FuseConnection() {
                    @Override
                    public int receive(NativeBuffer into) {
                        try {
                            byte[] next = requests.take();
                            into.bytes().put(0, next);
                            return next.length;
                        } catch (InterruptedException e) {
                            return 0;
                        }
                    }

                    @Override
                    public void send(NativeBuffer from, int length) {
                        byte[] reply = new byte[length];
                        from.bytes().get(0, reply);
                        replies.add(ByteBuffer.wrap(reply).order(ByteOrder.nativeOrder()));
                    }
                },
                new RedirectFiles(scoreboard),
                Dialect.MACFUSE);
        server.start(1);
    }

    /** A request of no length is the end. */
    @AfterEach
    void end() throws Exception {
        requests.add(new byte[0]);
        server.join();
        scoreboard.close();
    }

    /** {@code struct fuse_in_header}, and what follows it. */
    private ByteBuffer ask(int opcode, long node, int uid, byte[] rest) throws Exception {
        ByteBuffer request = ByteBuffer.allocate(40 + rest.length).order(ByteOrder.nativeOrder());
        request.putInt(request.capacity()).putInt(opcode).putLong(++unique).putLong(node);
        request.putInt(uid).putInt(20).putInt(4711).putInt(0).put(rest);
        requests.add(request.array());
        ByteBuffer reply = replies.poll(20, TimeUnit.SECONDS);
        assertThat(reply).isNotNull();
        assertThat(reply.getInt(0)).as("its length").isEqualTo(reply.capacity());
        assertThat(reply.getLong(8)).isEqualTo(unique);
        return reply;
    }

    private static byte[] ints(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.nativeOrder());
        for (int value : values) {
            bytes.putInt(value);
        }
        return bytes.array();
    }

    @Test
    void bothSpeakSevenNineteen() throws Exception {
        // What a kernel extension of 2024 offers: access, threads, renaming, volume names.
        ByteBuffer reply = ask(Opcodes.INIT, 0, 0, ints(7, 19, 65536, 0x6f800001));
        assertThat(reply.capacity()).isEqualTo(HEADER + 24);
        assertThat(reply.getInt(4)).isZero();
        assertThat(reply.getInt(HEADER)).isEqualTo(7);
        assertThat(reply.getInt(HEADER + 4)).isEqualTo(19);
        assertThat(reply.getInt(HEADER + 12))
                .as("of the abilities, reading ahead alone")
                .isEqualTo(1);
    }

    @Test
    void attributesHaveATimeOfMakingAndFlags() throws Exception {
        ByteBuffer reply = ask(Opcodes.GETATTR, FileSystem.ROOT, ALICE, ints(0, 0, 0, 0));
        assertThat(reply.capacity()).isEqualTo(HEADER + 120);
        int attributes = HEADER + 16;
        assertThat(reply.getLong(attributes)).as("ino").isEqualTo(FileSystem.ROOT);
        long made = reply.getLong(attributes + 24);
        assertThat(made).as("atime").isGreaterThan(1_600_000_000L);
        assertThat(reply.getLong(attributes + 48)).as("crtime").isEqualTo(made);
        for (int nanoseconds = 56; nanoseconds < 72; nanoseconds += 4) {
            assertThat(reply.getInt(attributes + nanoseconds)).isZero();
        }
        assertThat(reply.getInt(attributes + 72)).as("mode").isEqualTo(0040555);
        assertThat(reply.getInt(attributes + 76)).as("nlink").isEqualTo(2);
        assertThat(reply.getInt(attributes + 92)).as("flags_darwin").isZero();
        assertThat(reply.getInt(attributes + 96)).as("blksize").isEqualTo(4096);
    }

    @Test
    void theLinkLeadsEachUserToItsOwn() throws Exception {
        ByteBuffer entry = ask(Opcodes.LOOKUP, FileSystem.ROOT, ALICE, "local\0".getBytes(UTF_8));
        assertThat(entry.capacity()).isEqualTo(HEADER + 40 + 104);
        long link = entry.getLong(HEADER);
        assertThat(entry.getInt(HEADER + 40 + 72)).as("mode").isEqualTo(0120777);

        assertThat(text(ask(Opcodes.READLINK, link, ALICE, new byte[0]))).isEqualTo("/Users/mac6001/local");
        assertThat(text(ask(Opcodes.READLINK, link, 6002, new byte[0]))).isEqualTo("empty");
        assertThat(text(ask(Opcodes.READLINK, link, 501, new byte[0]))).isEqualTo("empty");
    }

    private static String text(ByteBuffer reply) {
        return new String(reply.array(), HEADER, reply.capacity() - HEADER, UTF_8);
    }

    /** 78 is ENOSYS of Darwin: fseventsd and Finder are told that there are no volume names, other times, or exchange of files. */
    @Test
    void whatOnlyMacsAskForIsNotThere() throws Exception {
        for (int opcode : new int[] {61, 62, 63, Opcodes.GETXATTR}) {
            ByteBuffer reply = ask(opcode, FileSystem.ROOT, ALICE, new byte[24]);
            assertThat(reply.getInt(4)).as("opcode " + opcode).isEqualTo(-78);
            assertThat(reply.capacity()).isEqualTo(HEADER);
        }
        assertThat(ask(Opcodes.MKDIR, FileSystem.ROOT, ALICE, "\0\0\0\0\0\0\0\0new\0".getBytes(UTF_8))
                        .getInt(4))
                .as("EROFS, which all share")
                .isEqualTo(-30);
    }
}
