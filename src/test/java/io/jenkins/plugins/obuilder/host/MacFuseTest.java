package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How macFUSE's library is called: with one that has its functions. No Mac has run this. */
@Needs(Need.CC)
class MacFuseTest {
    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeLibrary() throws Exception {
        Path library = directory.resolve("libfuse.so");
        Tools.run(
                directory,
                "cc",
                "-shared",
                "-fPIC",
                "-Wall",
                "-Werror",
                "-o",
                library.toString(),
                Path.of("src/test/c/libfuse.c").toAbsolutePath().toString());
        System.setProperty(MacFuse.PROPERTY, library.toString());
    }

    @AfterAll
    static void forget() {
        System.clearProperty(MacFuse.PROPERTY);
    }

    @Test
    void requestsAndRepliesGoThroughTheLibrary() throws Exception {
        Path at = Files.createDirectory(directory.resolve("mountpoint"));
        Tools.run(at, "mkfifo", "requests", "replies");
        CompletableFuture<RandomAccessFile> kernel = CompletableFuture.supplyAsync(() -> {
            try {
                return new RandomAccessFile(at.resolve("requests").toFile(), "rw");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });

        MacFuse connection = MacFuse.mount(at, true);

        assertThat(at.resolve("options"))
                .hasContent(
                        "obuilderfs\n-o\nallow_other,default_permissions,nosuid,nodev,nobrowse,noappledouble,nolocalcaches,"
                                + "fsname=obuilderfs,volname=obuilderfs,ro\n");
        NativeBuffer buffer = new NativeBuffer(4096);
        try (RandomAccessFile requests = kernel.get(10, TimeUnit.SECONDS);
                RandomAccessFile replies =
                        new RandomAccessFile(at.resolve("replies").toFile(), "rw")) {
            requests.write(new byte[] {8, 0, 0, 0, 'a', 'b', 'c', 'd'});
            // The library was interrupted first.
            assertThat(connection.receive(buffer)).isEqualTo(8);
            assertThat(buffer.bytes().order(ByteOrder.LITTLE_ENDIAN).getInt(0)).isEqualTo(8);
            assertThat(buffer.bytes().get(7)).isEqualTo((byte) 'd');

            buffer.bytes().put(0, (byte) 'x').put(1, (byte) 'y');
            connection.send(buffer, 2);
            assertThat(new char[] {(char) replies.read(), (char) replies.read()})
                    .containsExactly('x', 'y');
        }
        assertThat(connection.receive(buffer)).as("unmounted").isZero();
    }

    @Test
    void whatTheLibraryRefusesIsTold() throws Exception {
        Path nowhere = directory.resolve("nowhere");
        assertThatThrownBy(() -> MacFuse.mount(nowhere, false))
                .hasMessageContaining("cannot mount at " + nowhere)
                .hasMessageContaining("kernel extension");
    }
}
