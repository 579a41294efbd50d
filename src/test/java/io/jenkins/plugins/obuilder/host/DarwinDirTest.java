package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.LibSystem;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same by the calls of Darwin, which a stand-in for its library carries out; and what Linux does not have. */
@Needs({Need.CC, Need.PRIVATE_ROOT})
class DarwinDirTest extends DirTest {
    @TempDir
    Path place;

    @BeforeAll
    static void useStandIn() throws IOException {
        LibSystem.use();
    }

    @Override
    Dir open(Path directory) throws IOException {
        return Dir.open(DarwinFiles.calls(), directory);
    }

    @Test
    void removesWhatItsOwnerProtected() throws IOException {
        try (Dir dir = open(place)) {
            try (Dir tree = dir.makeDir("tree", 0755);
                    Dir inner = tree.makeDir("inner", 0755)) {
                inner.createFile("file", 0600).close();
                inner.symlink("link", "file");
                for (String name : new String[] {"file", "link"}) {
                    assertThat(DarwinFlags.protect(inner.fd(), FileCalls.name(name)))
                            .isTrue();
                    assertThatThrownBy(() -> inner.unlink(name))
                            .isInstanceOfSatisfying(
                                    FileException.class,
                                    e -> assertThat(e.isForbidden()).isTrue());
                }
                DarwinFlags.protect(tree.fd(), FileCalls.name("inner"));
                DarwinFlags.protect(dir.fd(), FileCalls.name("tree"));
            }
            assertThatThrownBy(() -> dir.rename("tree", dir, "moved")).isInstanceOf(FileException.class);
            dir.unprotect("tree");
            dir.rename("tree", dir, "moved");
            dir.removeTree("moved");
            assertThat(dir.list()).isEmpty();
        }
    }

    /** The stand-in leaves an error number behind whenever a call succeeds. */
    @Test
    void isNotMisledByErrorNumbersOfCallsThatSucceed() throws IOException {
        try (Dir dir = open(place)) {
            dir.createFile("file", 0600).close();
            dir.unlink("file");
            assertThat(dir.stat("file")).isEmpty();
        }
    }

    @Test
    void keepsAttributesOfLinks() throws IOException {
        try (Dir dir = open(place)) {
            dir.symlink("link", "nowhere");
            dir.xattrs("link").set("trusted.odd", new byte[] {1, 0});
            assertThat(dir.xattrs("link").all()).containsEntry("trusted.odd", new byte[] {1, 0});
            dir.xattrs(".").set("user.own", new byte[0]);
            assertThat(dir.xattrs(".").all()).containsOnlyKeys("user.own");
        }
    }

    @Test
    void knowsWhatIsUnsupportedFullAndLocked() throws IOException {
        assertThat(new FileException("x", "x", KernelErrors.OF_DARWIN, 45).isUnsupported())
                .isTrue();
        assertThat(new FileException("x", "x", KernelErrors.OF_DARWIN, 102).isUnsupported())
                .isTrue();
        assertThat(new FileException("x", "x", KernelErrors.OF_DARWIN, 95).isUnsupported())
                .isFalse();
        assertThat(new FileException("x", "x", KernelErrors.OF_DARWIN, 69).isDiskFull())
                .isTrue();
        try (Dir dir = open(place);
                OpenFile one = dir.openOrCreateFile("lock");
                OpenFile two = dir.openOrCreateFile("lock")) {
            assertThat(one.tryLock()).isTrue();
            assertThat(two.tryLockShared()).isFalse();
            two.sync();
            dir.syncFileSystem();
        }
    }
}
