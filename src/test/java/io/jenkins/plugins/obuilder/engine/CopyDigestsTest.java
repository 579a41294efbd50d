package io.jenkins.plugins.obuilder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Digests of a build context are remembered from build to build, and never believed when the file may be another. */
class CopyDigestsTest {
    private static final String PATH = "f";
    private static final String WRONG = "00".repeat(32);
    private static final long LATER = Long.MAX_VALUE / 2;

    @TempDir
    Path temp;

    private Path memory;
    private Path context;
    private Path file;

    @BeforeEach
    void context() throws IOException {
        memory = temp.resolve("memory");
        context = Files.createDirectory(temp.resolve("context"));
        file = Files.writeString(context.resolve(PATH), "contents");
    }

    private FileStat stat() throws IOException {
        try (Dir dir = Dir.open(context)) {
            return dir.stat(PATH).orElseThrow();
        }
    }

    /** Remembers a wrong digest, by which one sees that it is believed. */
    private void poison() throws IOException {
        CopyDigests digests = CopyDigests.in(memory, context);
        digests.remember(PATH, stat(), WRONG, LATER);
        digests.save();
    }

    private String listed() throws IOException {
        try (CopyFiles.Listing listing =
                CopyFiles.remembering(memory).list(context, List.of(PATH), List.of(), new Cancellation())) {
            return ((Manifest.File) listing.manifests().get(0)).sha256();
        }
    }

    @Test
    void whatLooksTheSameIsNotReadAgain() throws Exception {
        poison();
        assertThat(listed()).isEqualTo(WRONG);
        assertThat(CopyDigests.in(memory, context).recall(PATH, stat())).contains(WRONG);
        assertThat(CopyDigests.in(memory, temp.resolve("another")).recall(PATH, stat()))
                .isEmpty();
    }

    @Test
    void whateverChangesMakesItBeReadAgain() throws Exception {
        for (String change : List.of(
                "echo -n CONTENTS > f",
                "touch -d 2001-02-03 f",
                "cp f g; mv g f",
                "chmod +x f",
                "cp -p f g; echo -n CONTENTS > f; touch -r g f; rm g")) {
            poison();
            Tools.run(context, "sh", "-ec", change);
            assertThat(listed()).as(change).isNotEqualTo(WRONG);
        }
    }

    @Test
    void chmodOfAFileThatIsRememberedIsSeen() throws Exception {
        poison();
        Tools.run(context, "chmod", "+x", PATH);
        try (CopyFiles.Listing listing =
                CopyFiles.remembering(memory).list(context, List.of(PATH), List.of(), new Cancellation())) {
            assertThat(((Manifest.File) listing.manifests().get(0)).executable())
                    .isTrue();
        }
    }

    /** Somebody could change it once more without its time changing. */
    @Test
    void whatWasChangedShortlyBeforeIsNotRemembered() throws Exception {
        FileStat stat = stat();
        long changed = stat.ctime().seconds() * 1_000_000_000 + stat.ctime().nanos();
        for (long hashedAt : new long[] {changed - 1, changed, changed + 1_000_000_000L}) {
            CopyDigests digests = CopyDigests.in(memory, context);
            digests.remember(PATH, stat, WRONG, hashedAt);
            digests.save();
            assertThat(CopyDigests.in(memory, context).recall(PATH, stat)).isEmpty();
        }
        assertThat(listed()).isNotEqualTo(WRONG);
        assertThat(CopyDigests.in(memory, context).recall(PATH, stat))
                .as("it is only just there")
                .isEmpty();
    }

    @Test
    void aMemoryThatIsDamagedIsNotBelieved() throws Exception {
        poison();
        Path kept;
        try (Stream<Path> files = Files.list(memory)) {
            kept = files.findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(kept);
        for (int i = 0; i < whole.length; i++) {
            byte[] bent = whole.clone();
            bent[i] ^= 0x10;
            Files.write(kept, bent);
            assertThat(CopyDigests.in(memory, context).recall(PATH, stat()))
                    .as("byte " + i)
                    .isEmpty();
            Files.write(kept, Arrays.copyOf(whole, i));
            assertThat(CopyDigests.in(memory, context).recall(PATH, stat()))
                    .as("length " + i)
                    .isEmpty();
        }
        assertThat(listed()).isNotEqualTo(WRONG);
        Files.write(kept, whole);
        assertThat(listed()).isEqualTo(WRONG);
    }

    /** A digest that is remembered of a file that changes after it was listed. */
    @Test
    void aRememberedFileThatChangesUnderTheCopyIsAnError() throws Exception {
        Path rootfs = Files.createDirectory(temp.resolve("rootfs"));
        String sha256 = listed();
        CopyDigests digests = CopyDigests.in(memory, context);
        digests.remember(PATH, stat(), sha256, LATER);
        digests.save();
        try (CopyFiles.Listing listing =
                CopyFiles.remembering(memory).list(context, List.of(PATH), List.of(), new Cancellation())) {
            FileTime time = Files.getLastModifiedTime(file);
            Files.writeString(file, "CONTENTS");
            Files.setLastModifiedTime(file, time);
            assertThatThrownBy(
                            () -> listing.writeTo(rootfs, new Sandbox.CopyTarget("d", 0, 0), true, new Cancellation()))
                    .hasMessageContaining("\"f\": it changed while it was being copied");
        }
    }

    @Test
    void withoutADirectoryNothingIsRemembered() throws Exception {
        CopyDigests none = CopyDigests.none();
        none.remember(PATH, stat(), WRONG, LATER);
        none.save();
        assertThat(none.recall(PATH, stat())).isEqualTo(Optional.empty());
    }
}
