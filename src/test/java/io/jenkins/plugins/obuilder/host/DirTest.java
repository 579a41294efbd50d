package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirTest {
    /** Not UTF-8, with a newline and a leading dash: as hostile as a name can be. */
    private static final String ODD = "-\n\u00ff\u00c3 x";

    @TempDir
    Path temp;

    private Dir dir;

    @BeforeEach
    void open() throws IOException {
        dir = open(temp);
    }

    Dir open(Path directory) throws IOException {
        return Dir.open(directory);
    }

    @AfterEach
    void close() throws IOException {
        dir.close();
    }

    private void write(String name, String contents) throws IOException {
        try (OpenFile file = dir.createFile(name, 0640)) {
            byte[] bytes = contents.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            file.write(bytes, 0, bytes.length);
        }
    }

    private Set<String> names(Dir where) throws IOException {
        return where.list().stream().map(Dir.Entry::name).collect(Collectors.toSet());
    }

    @Test
    void keepsNamesByteForByte() throws IOException {
        write(ODD, "contents");
        assertThat(names(dir)).containsExactly(ODD);
        try (OpenFile file = dir.openFile(ODD)) {
            assertThat(file.input().readAllBytes()).asString().isEqualTo("contents");
        }
        assertThat(dir.stat(ODD).orElseThrow().mode()).isEqualTo(0640);
    }

    @Test
    void listsManyNames() throws IOException {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < 3000; i++) {
            String name = "a-rather-long-name-so-that-more-than-one-block-is-needed-" + i;
            dir.createFile(name, 0600).close();
            made.add(name);
        }
        assertThat(names(dir)).isEqualTo(made);
        assertThat(names(dir)).as("a second time").isEqualTo(made);
    }

    @Test
    void refusesLinksWhereverTheyLead() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "x");
        dir.symlink("to-directory", "outside");
        dir.symlink("to-file", "outside/secret");
        assertThatThrownBy(() -> dir.openDir("to-directory")).isInstanceOf(HostException.class);
        assertThatThrownBy(() -> dir.openFile("to-file")).isInstanceOf(HostException.class);
        assertThatThrownBy(() -> dir.createFile("to-file", 0600)).isInstanceOf(FileException.class);
        assertThatThrownBy(() -> dir.chmod("to-file", 0777)).isInstanceOf(FileException.class);
        assertThat(dir.stat("to-file").orElseThrow().kind()).isEqualTo(FileKind.SYMLINK);
        assertThat(dir.readLink("to-file")).isEqualTo("outside/secret");
    }

    @Test
    void takesPlainNamesOnly() {
        for (String name : new String[] {"", ".", "..", "a/b", "/etc", "../x", "a\0b"}) {
            assertThatIllegalArgumentException().isThrownBy(() -> dir.stat(name));
        }
    }

    @Test
    void doesNotWaitForAPipe() throws IOException {
        dir.makeNode("pipe", FileKind.FIFO, 0644, 0, 0);
        assertThatThrownBy(() -> dir.openFile("pipe")).hasMessageContaining("a named pipe, not a regular file");
    }

    @Test
    void readsAndWritesMoreThanABlock() throws IOException {
        byte[] contents = new byte[3 * OpenFile.BLOCK + 17];
        new java.util.Random(1).nextBytes(contents);
        try (OpenFile file = dir.createFile("large", 0600)) {
            file.write(contents, 0, contents.length);
        }
        try (OpenFile file = dir.openFile("large")) {
            assertThat(file.input().readAllBytes()).isEqualTo(contents);
        }
    }

    @Test
    void knowsHolesAndMakesThem() throws IOException {
        try (OpenFile file = dir.createFile("sparse", 0600)) {
            file.skip(1 << 20);
            file.write(new byte[] {1}, 0, 1);
            file.skip(1 << 20);
            assertThat(file.stat().size()).isEqualTo((2 << 20) + 1);
            long[] data = file.nextData(0);
            assertThat(data[0]).isBetween(1L, 1L << 20);
            assertThat(file.nextData(data[1])).isNull();
        }
    }

    @Test
    void setsTimesOfLinksThemselves() throws IOException {
        write("file", "");
        dir.symlink("link", "file");
        FileStat.FileTime time = new FileStat.FileTime(1_000_000_000, 123_456_789);
        dir.setTime("link", time);
        assertThat(dir.stat("link").orElseThrow().mtime()).isEqualTo(time);
        assertThat(dir.stat("file").orElseThrow().mtime()).isNotEqualTo(time);
        dir.setTime(time);
        assertThat(dir.stat().mtime()).isEqualTo(time);
    }

    @Test
    void keepsBinaryAttributes() throws IOException {
        write("file", "");
        byte[] value = {0, 1, (byte) 0xff, 0};
        dir.xattrs("file").set("user.odd", value);
        assertThat(dir.xattrs("file").all()).containsEntry("user.odd", value);
        dir.xattrs("file").remove("user.odd");
        dir.xattrs("file").remove("user.odd");
        assertThat(dir.xattrs("file").all()).doesNotContainKey("user.odd");
    }

    @Test
    void makesHardLinks() throws IOException {
        write("one", "x");
        dir.link("two", dir, "one");
        assertThat(dir.stat("two").orElseThrow().isSameFile(dir.stat("one").orElseThrow()))
                .isTrue();
        assertThat(dir.stat("one").orElseThrow().links()).isEqualTo(2);
    }

    @Test
    void removesTreesWithoutFollowingLinks() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "x");
        try (Dir tree = dir.makeDir("tree", 0755);
                Dir inner = tree.makeDir("inner", 0)) {
            tree.symlink("away", "../outside");
            inner.symlink("far", outside.toString());
            inner.createFile(ODD, 0).close();
        }
        dir.removeTree("tree");
        dir.removeTree("tree");
        assertThat(names(dir)).containsExactly("outside");
        assertThat(outside.resolve("kept")).exists();
    }

    @Test
    void removesVeryDeepTrees() throws IOException {
        dir.makeDir("tree", 0755).close();
        Dir at = dir.openDir("tree");
        for (int i = 0; i < 5000; i++) {
            Dir next = at.makeDir("directory", 0755);
            at.close();
            at = next;
        }
        at.close();
        dir.removeTree("tree");
        assertThat(names(dir)).isEmpty();
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void doesNotEmptyWhatIsMountedInATree() throws IOException {
        dir.makeDir("tree", 0755).close();
        Path mount = Files.createDirectory(temp.resolve("tree/mounted"));
        LinuxMounts.tmpfs(mount, "size=64k");
        Files.writeString(mount.resolve("kept"), "x");
        try {
            assertThatThrownBy(() -> dir.removeTree("tree")).hasMessageContaining("another file system is mounted");
            assertThat(mount.resolve("kept")).exists();
        } finally {
            Mounts.unmount(mount);
        }
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void makesDevicesAndChangesOwners() throws IOException {
        dir.makeNode("null", FileKind.CHARACTER_DEVICE, 0666, 1, 3);
        FileStat stat = dir.stat("null").orElseThrow();
        assertThat(stat.deviceMajor()).isEqualTo(1);
        assertThat(stat.deviceMinor()).isEqualTo(3);
        dir.symlink("link", "null");
        dir.chown("link", 12, 34);
        assertThat(dir.stat("link").orElseThrow().uid()).isEqualTo(12);
        assertThat(dir.stat("null").orElseThrow().uid()).isZero();
        try (OpenFile file = dir.createFile("setuid", 04755)) {
            file.chown(12, 34);
            file.chmod(04755);
            assertThat(file.stat().mode()).isEqualTo(04755);
            assertThat(file.stat().gid()).isEqualTo(34);
        }
    }

    @Test
    void saysWhatItWasDoingToWhat() {
        assertThatThrownBy(() -> dir.openFile("nowhere"))
                .isInstanceOf(FileException.class)
                .hasMessage("cannot open " + temp + "/nowhere: No such file or directory")
                .satisfies(e -> assertThat(((FileException) e).isMissing()).isTrue());
    }
}
