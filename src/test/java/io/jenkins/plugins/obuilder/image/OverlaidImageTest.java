package io.jenkins.plugins.obuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image in a directory of an overlay whose layers are of two file systems: its files bear other numbers than its directories. */
@Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS})
class OverlaidImageTest {
    @TempDir
    Path tmp;

    private Path tree;

    @BeforeEach
    void mount() throws IOException {
        Tools.run(tmp, "sh", "-euc", """
                mkdir below above tree copy
                mount -t tmpfs below below; mount -t tmpfs above above
                mkdir -p below/bin above/upper above/work
                echo shell >below/bin/sh; ln below/bin/sh below/bin/ash; ln -s sh below/bin/link
                mount -t overlay -o "xino=off,lowerdir=$PWD/below,upperdir=$PWD/above/upper,workdir=$PWD/above/work" overlay tree
                echo new >tree/new; : >tree/bin/mounted; mount --bind above/upper/new tree/bin/mounted
                """);
        tree = tmp.resolve("tree");
    }

    @AfterEach
    void unmount() throws IOException {
        Mounts.unmountAll(tmp);
    }

    @Test
    void isCopiedWholeExceptWhatIsMountedInIt() throws IOException {
        try (Dir top = Dir.open(tree);
                Dir bin = top.openDir("bin")) {
            assertThat(bin.stat("sh").orElseThrow().fileSystem())
                    .as("what this test is about")
                    .isNotEqualTo(top.stat().fileSystem());
        }
        Path copy = tmp.resolve("copy");
        List<String> notes = new ArrayList<>();

        TreeCopy.copy(tree, copy, Progress.of(notes::add));

        assertThat(copy.resolve("new")).hasContent("new");
        assertThat(copy.resolve("bin/sh")).hasContent("shell");
        assertThat(copy.resolve("bin/link")).isSymbolicLink();
        assertThat(Files.isSameFile(copy.resolve("bin/sh"), copy.resolve("bin/ash")))
                .isTrue();
        assertThat(copy.resolve("bin/mounted")).doesNotExist();
        assertThat(notes).anyMatch(note -> note.contains("mounted there"));
    }

    @Test
    void takesPartInItsDigest() throws IOException {
        Digest before = TreeFingerprint.contents(tree);
        Files.writeString(tmp.resolve("below/bin/sh"), "SHELL\n");
        assertThat(TreeFingerprint.contents(tree)).isNotEqualTo(before);
    }
}
