package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Digests by the system's library and by Java are the same. */
class Sha256Test {
    @TempDir
    Path temp;

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String expected(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0,
                1,
                55,
                56,
                64,
                4096,
                KeptContents.LARGEST,
                OpenFile.BLOCK,
                OpenFile.BLOCK + 1,
                3_000_001,
                8 << 20,
                9_999_999
            })
    void ofFilesAndTheirCopies(int size) throws Exception {
        byte[] bytes = random(size);
        Files.write(temp.resolve("file"), bytes);
        try (Dir dir = Dir.open(temp);
                Sha256 system = Sha256.open();
                Sha256 java = Sha256.ofJava()) {
            for (Sha256 sha : new Sha256[] {system, java, system, java}) {
                try (OpenFile file = dir.openFile("file")) {
                    assertThat(file.hash(sha)).isEqualTo(expected(bytes));
                }
                dir.removeTree("copy");
                try (OpenFile file = dir.openFile("file");
                        OpenFile copy = dir.createFile("copy", 0644)) {
                    assertThat(file.hashCopyTo(copy, sha)).isEqualTo(expected(bytes));
                }
                assertThat(temp.resolve("copy")).hasBinaryContent(bytes);
                dir.removeTree("copy");
                try (OpenFile file = dir.openFile("file");
                        OpenFile copy = dir.createFile("copy", 0644)) {
                    assertThat(file.hashAndCopy(copy, sha)).isEqualTo(new OpenFile.HashedCopy(expected(bytes), true));
                }
                assertThat(temp.resolve("copy")).hasBinaryContent(bytes);
            }
        }
        assertThat(Sha256.of(bytes)).isEqualTo(expected(bytes));
    }

    @Test
    void aCopyThatCannotBeWrittenIsNoFailure() throws Exception {
        byte[] bytes = random(9_999_999);
        Files.write(temp.resolve("file"), bytes);
        Files.createFile(temp.resolve("unwritable"));
        try (Dir dir = Dir.open(temp);
                Sha256 sha = Sha256.open();
                OpenFile file = dir.openFile("file");
                OpenFile copy = dir.openFile("unwritable")) {
            assertThat(file.hashAndCopy(copy, sha)).isEqualTo(new OpenFile.HashedCopy(expected(bytes), false));
        }
    }

    @Test
    void ofWhatIsKept() throws Exception {
        try (Dir dir = Dir.open(temp);
                KeptContents kept = new KeptContents();
                Sha256 sha = Sha256.open()) {
            for (int size : new int[] {0, 1, 4096, KeptContents.LARGEST}) {
                byte[] bytes = random(size);
                Files.write(temp.resolve("file" + size), bytes);
                try (OpenFile file = dir.openFile("file" + size);
                        OpenFile copy = dir.createFile("copy" + size, 0644)) {
                    KeptContents.Contents contents = file.keep(kept, size).orElseThrow();
                    assertThat(sha.of(contents)).isEqualTo(expected(bytes));
                    copy.write(contents);
                }
                assertThat(temp.resolve("copy" + size)).hasBinaryContent(bytes);
            }
        }
    }

    @Test
    void aFileOfAnotherSizeIsNotKeptAndReadFromItsBeginning() throws Exception {
        byte[] bytes = random(5000);
        Files.write(temp.resolve("file"), bytes);
        try (Dir dir = Dir.open(temp);
                KeptContents kept = new KeptContents();
                Sha256 sha = Sha256.open()) {
            for (int wrong : new int[] {0, 4999, 5001}) {
                try (OpenFile file = dir.openFile("file")) {
                    assertThat(file.keep(kept, wrong)).isEmpty();
                    assertThat(file.hash(sha)).isEqualTo(expected(bytes));
                }
            }
        }
    }

    @Test
    void noMoreIsKeptThanThereIsRoomFor() {
        KeptContents kept = new KeptContents();
        try (KeptContents other = new KeptContents()) {
            int count = 0;
            while (kept.room(KeptContents.LARGEST).isPresent()) {
                count++;
            }
            assertThat(count).isBetween(100, 48 << 20 >> 16);
            assertThat(other.room(1)).isEmpty();
            kept.close();
            assertThat(other.room(1)).isPresent();
            assertThat(other.room(KeptContents.LARGEST + 1)).isEmpty();
        }
    }

    @Test
    void bytesOfJavaGoInPiecesOfAnySize() throws Exception {
        byte[] bytes = random(300_001);
        for (Supplier<Sha256> kind : List.<Supplier<Sha256>>of(Sha256::open, Sha256::ofJava)) {
            try (Sha256 sha = kind.get()) {
                sha.update(bytes, 0, 1);
                sha.update(bytes, 1, 0);
                sha.update(bytes, 1, 65_536);
                sha.update(bytes, 65_537, bytes.length - 65_537);
                assertThat(sha.hex()).isEqualTo(expected(bytes));
            }
        }
        assertThat(Sha256.of(new byte[0])).isEqualTo(expected(new byte[0]));
    }

    @Test
    void aClosedOneIsRefusedAndTakesNothingDown() {
        Sha256 sha = Sha256.open();
        sha.close();
        sha.close();
        assertThatThrownBy(() -> sha.update(new byte[1], 0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(sha::hex).isInstanceOf(IllegalStateException.class);
    }
}
