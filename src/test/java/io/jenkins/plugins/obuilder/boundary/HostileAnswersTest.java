package io.jenkins.plugins.obuilder.boundary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.RootSide;
import io.jenkins.plugins.obuilder.testing.RootSideTest;
import io.jenkins.plugins.obuilder.testing.Specs;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever may run the wrapper may answer root's questions with whatever bytes it likes: none of them makes root do what it should not. */
class HostileAnswersTest extends RootSideTest {
    private static final String SPEC = Specs.spec(Specs.copy(".", "/src/"), Specs.run("find /src"));
    private static final List<String> BUSYBOX = List.of("busybox");
    private static final RootConnection.Files NOTHING = (question, reply) -> {
        throw new IOException("the caller says no");
    };

    @AfterEach
    void nothingOfRootsWasRead() throws IOException {
        side.assertNotInStore(RootSide.SECRET);
    }

    @Test
    void anEndlessImageIsCutOff() throws Exception {
        side.configure("caller-images = yes", "image-size = 50M");
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = caller.asks(HostileCaller.request(SPEC, BUSYBOX), (question, reply) -> {
                switch (Questions.read(question).question()) {
                    case IMAGE -> describe(reply, "tar");
                    case IMAGE_DIGEST -> reply.write(("sha256:" + "0".repeat(64)).getBytes(UTF_8));
                    default -> HostileCaller.endless(reply);
                }
            });

            assertThat(status).isEqualTo(1);
        }
    }

    @Test
    void anArchiveThatHasNotTheDigestItWasSaidToHaveIsNoSnapshot() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            RootConnection.Files truly = HostileCaller.withImage(side, NOTHING);

            int status = caller.asks(HostileCaller.request(SPEC, BUSYBOX), (question, reply) -> {
                if (Questions.read(question).question() == Questions.IMAGE_DIGEST) {
                    reply.write(("sha256:" + "12".repeat(32)).getBytes(UTF_8));
                } else {
                    truly.answer(question, reply);
                }
            });

            assertThat(status).isEqualTo(1);
            assertThat(caller.said()).contains("is damaged: its digest is").contains("Nothing was saved");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "home", "oci", "docker-archive", "../../root", ""})
    void aKindOfImageThatIsNoneOpensNothing(String kind) throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = caller.asks(HostileCaller.request(SPEC, BUSYBOX), (question, reply) -> {
                if (Questions.read(question).question() == Questions.IMAGE) {
                    describe(reply, kind);
                } else {
                    throw new IOException("the caller says no");
                }
            });

            assertThat(status).isEqualTo(1);
        }
    }

    private static void describe(OutputStream reply, String kind) throws IOException {
        DataOutputStream out = new DataOutputStream(reply);
        Questions.writeText(out, kind);
        Questions.writeText(out, "/root");
        Questions.writeText(out, "");
    }

    /** Names that lead out, twice the same, not in order, a root that is no directory, and a file that is none. */
    @ParameterizedTest
    @ValueSource(strings = {"d ../x", "d ..", "d .", "d /etc", "d a/b", "d x x", "d b a", "d ", "f", "l", "?"})
    void aListingThatNoDirectoryHasIsRefused(String what) throws Exception {
        String[] words = what.split(" ", -1);
        ByteArrayOutputStream listing = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(listing);
        kind(out, "fxld".indexOf(words[0].replace('?', 'z')) + 1);
        for (int i = 1; i < words.length; i++) {
            Questions.writeText(out, words[i]);
            kind(out, 1);
            out.write(new byte[32]);
        }
        out.writeInt(-1);
        out.write(new byte[64]);
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = caller.asks(
                    HostileCaller.request(SPEC, BUSYBOX),
                    HostileCaller.withImage(side, (question, reply) -> reply.write(listing.toByteArray())));

            assertThat(status).isEqualTo(1);
            assertThat(caller.said()).contains("does not speak as it should");
        }
    }

    private static void kind(DataOutputStream out, int kind) throws IOException {
        out.writeByte(kind);
        out.writeLong(0);
        out.writeInt(0);
    }

    @Test
    void anEndlessListingIsCutOff() throws Exception {
        side.configure("caller-images = yes", "context-files = 1000");
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = caller.asks(
                    HostileCaller.request(SPEC, BUSYBOX), HostileCaller.withImage(side, (question, reply) -> {
                        DataOutputStream out = new DataOutputStream(reply);
                        kind(out, 4);
                        for (int i = 1_000_000; ; i++) {
                            Questions.writeText(out, "n" + i);
                            kind(out, 1);
                            out.write(new byte[32]);
                        }
                    }));

            assertThat(status).isEqualTo(1);
            assertThat(caller.said()).contains("more than 1000 files");
        }
    }

    @Test
    void directoriesWithoutEndAreCutOff() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = caller.asks(
                    HostileCaller.request(SPEC, BUSYBOX), HostileCaller.withImage(side, (question, reply) -> {
                        DataOutputStream out = new DataOutputStream(reply);
                        kind(out, 4);
                        while (true) {
                            Questions.writeText(out, "d");
                            kind(out, 4);
                        }
                    }));

            assertThat(status).isEqualTo(1);
            assertThat(caller.said()).contains("too deep");
        }
    }

    /** Lists one file, and sends for it what {@code contents} sends. */
    private int sendsFile(HostileCaller caller, String digest, RootConnection.Files contents) throws IOException {
        return caller.asks(HostileCaller.request(SPEC, BUSYBOX), HostileCaller.withImage(side, (question, reply) -> {
            if (Questions.read(question).question() == Questions.LIST) {
                DataOutputStream out = new DataOutputStream(reply);
                kind(out, 4);
                Questions.writeText(out, "file");
                kind(out, 1);
                out.write(java.util.HexFormat.of().parseHex(digest));
                out.writeInt(-1);
            } else {
                contents.answer(question, reply);
            }
        }));
    }

    @Test
    void anEndlessFileIsCutOff() throws Exception {
        side.configure("caller-images = yes", "context-size = 20M");
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = sendsFile(caller, "00".repeat(32), (question, reply) -> HostileCaller.endless(reply));

            assertThat(status).isEqualTo(1);
            assertThat(caller.said()).contains("more than 20971520 bytes");
        }
    }

    @Test
    void aFileThatIsNotWhatWasListedIsNoSnapshot() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = sendsFile(caller, "ab".repeat(32), (question, reply) -> reply.write(1));

            assertThat(status).isEqualTo(1);
            assertThat(caller.said())
                    .contains("it changed while it was being copied")
                    .contains("Nothing was saved");
        }
    }

    @Test
    void answersToNothingAndMoreThanThereIsRoomForEndTheBuild() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = sendsFile(caller, "00".repeat(32), (question, reply) -> {
                caller.out.write(FrameType.DATA, 1_000_000, new byte[1]);
                throw new IOException("no");
            });

            assertThat(status).isIn(1, 141);
        }
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status = sendsFile(caller, "00".repeat(32), (question, reply) -> {
                byte[] much = new byte[4 * Protocol.WINDOW];
                for (int channel = 1; channel < 20; channel++) {
                    caller.out.write(FrameType.DATA, channel, much, 0, much.length);
                }
            });

            assertThat(status).isIn(1, 141, -1);
        }
    }

    @Test
    void framesThatAreRootsToSendEndTheBuild() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            int status =
                    sendsFile(caller, "00".repeat(32), (question, reply) -> caller.out.number(FrameType.EXIT, 0, 0));

            assertThat(status).isIn(141, -1);
        }
    }
}
