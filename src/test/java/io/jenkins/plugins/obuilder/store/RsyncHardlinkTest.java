package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.ClassDisk;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Needs({Need.PRIVATE_ROOT, Need.RSYNC, Need.LOOP_DEVICES})
class RsyncHardlinkTest extends RsyncContract {
    /** On ext4. */
    private static final int MOST_NAMES = 65000;

    @RegisterExtension
    static final ClassDisk DISK = new ClassDisk("mkfs.ext4", "-q");

    @Override
    Path place() {
        return DISK.directory();
    }

    @Override
    RsyncMode mode() {
        return RsyncMode.HARDLINK;
    }

    private boolean shared(String file) throws IOException {
        return shared(file, file);
    }

    /** Whether a file of the second snapshot is one of the first. */
    private boolean shared(String file, String original) throws IOException {
        try (Dir results = Dir.open(root.resolve("result"))) {
            Path path = Path.of(results.toString());
            return Files.isSameFile(
                    path.resolve(id(2) + "/rootfs").resolve(file),
                    path.resolve(id(1) + "/rootfs").resolve(original));
        }
    }

    @Test
    void sharesWhatNobodyTouched() throws Exception {
        build(
                1,
                null,
                rootfs -> sh(
                        rootfs,
                        "mkdir -p a/b c; for f in same grown rewritten mode owner attribute moved mapped a/b/in c/in; do echo $f > $f; done;"
                                + " echo x > one; ln one two; echo x > three; ln three four; touch -d 2001-02-03 a/b"));
        build(
                2,
                1,
                rootfs -> sh(
                        rootfs,
                        "echo x >> grown; touch -r rewritten t; echo Rewritten > rewritten; touch -r t rewritten; rm t; chmod 600 mode;"
                                + " chown 1:2 owner; setfattr -n user.a -v b attribute; mv moved moved2; mv c d; rm four"));
        for (String file : new String[] {"same", "a/b/in", "one", "two"}) {
            assertThat(shared(file)).as(file).isTrue();
        }
        assertThat(shared("d/in", "c/in")).as("in a directory that was renamed").isTrue();
        for (String file : new String[] {"grown", "rewritten", "mode", "owner", "attribute"}) {
            assertThat(shared(file)).as(file).isFalse();
        }
        sh(
                root.resolve("result/" + id(2) + "/rootfs"),
                "[ one -ef two ]; [ $(cat rewritten) = Rewritten ]; [ ! -e four ]; [ \"$(stat -c %y a/b | cut -c -10)\" = 2001-02-03 ];"
                        + " [ -z \"$(find . -name '.shared*')\" ]");
        sh(root.resolve("result/" + id(1) + "/rootfs"), "[ $(cat rewritten) = rewritten ]; [ three -ef four ]");
    }

    @Test
    void sharesWhatWasWrittenAgainWithTheSameContents() throws Exception {
        byte[] contents = new byte[700_001];
        build(1, null, rootfs -> {
            for (String file : new String[] {"same", "other", "one", "two"}) {
                Files.write(rootfs.resolve(file), contents);
            }
            sh(rootfs, "rm two; ln one two; touch -d 2001-02-03 same other one");
        });
        contents[700_000] = 1;
        build(2, 1, rootfs -> {
            Files.write(rootfs.resolve("other"), contents);
            sh(
                    rootfs,
                    "for f in same one two; do cp $f t; rm $f; cp t $f; done; rm t; touch -d 2001-02-03 same other one two");
        });
        assertThat(shared("same")).isTrue();
        assertThat(shared("other")).isFalse();
        sh(root.resolve("result/" + id(2) + "/rootfs"), "[ ! one -ef two ]; cmp one two");
    }

    @Test
    void nothingThatCanBeSeenChanges() throws Exception {
        build(1, null, rootfs -> sh(rootfs, RsyncContract.MANY_FILES));
        SortedMap<String, String> before;
        try (Store.Draft draft = store.begin(id(2), Optional.of(id(1)))) {
            sh(draft.rootfs(), "echo x > d1/new; rm d2/3; echo y >> d3/4");
            before = withoutLinkCounts(draft.rootfs());
            draft.commit();
        }
        assertThat(withoutLinkCounts(root.resolve("result/" + id(2) + "/rootfs")))
                .isEqualTo(before);
        assertThat(shared("d1/1")).isTrue();
    }

    private static SortedMap<String, String> withoutLinkCounts(Path tree) throws IOException {
        SortedMap<String, String> lines = TreeListing.of(tree);
        lines.replaceAll((name, line) -> line.replaceAll(" same as " + Pattern.quote(name) + " \\(\\d+\\)", "")
                .replaceAll(" \\(\\d+\\)", ""));
        return lines;
    }

    private static void writeThroughMemory(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            channel.map(FileChannel.MapMode.READ_WRITE, 0, 1).put(0, (byte) 'M');
        }
    }

    /** Of a file that is mapped into memory tmpfs does not note a change. */
    @Test
    void comparesWhereTimesProveNothing() throws Exception {
        store.close();
        root = smallPlace().resolve("store");
        store = open(root);
        build(1, null, rootfs -> sh(rootfs, "echo mapped > mapped; echo same > same"));
        build(2, 1, rootfs -> writeThroughMemory(rootfs.resolve("mapped")));
        assertThat(shared("same")).isTrue();
        assertThat(shared("mapped")).isFalse();
        assertThat(read(id(2), "mapped")).isEqualTo("Mapped\n");
        assertThat(read(id(1), "mapped")).isEqualTo("mapped\n");
    }

    @Test
    void seesWhatWasMappedIntoMemory() throws Exception {
        build(1, null, rootfs -> sh(rootfs, "echo mapped > mapped"));
        build(2, 1, rootfs -> writeThroughMemory(rootfs.resolve("mapped")));
        assertThat(read(id(1), "mapped")).isEqualTo("mapped\n");
        assertThat(read(id(2), "mapped")).isEqualTo("Mapped\n");
    }

    @Test
    void goesOnWhereAFileHasAsManyNamesAsItCan() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "x"));
        try (Dir rootfs = Dir.open(root.resolve("result/" + id(1) + "/rootfs"));
                Dir results = Dir.open(root);
                Dir names = results.makeDir("names", 0755)) {
            for (int n = 1; n < MOST_NAMES; n++) {
                names.link(Integer.toString(n), rootfs, "file");
            }
        }
        build(2, 1, rootfs -> {});
        assertThat(shared("file")).isFalse();
        assertThat(read(id(2), "file")).isEqualTo("x");
    }

    @Test
    void remembersTheMode() throws Exception {
        store.close();
        store = Stores.open(name(root), new SystemCommands());
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "x"));
        build(2, 1, rootfs -> {});
        assertThat(shared("file")).isTrue();
    }
}
