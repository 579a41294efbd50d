package io.jenkins.plugins.obuilder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a {@code copy} does to files. */
class CopyTest {
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    Path temp;

    Path context;
    Path rootfs;
    int uid;
    int gid;
    private final List<CopyFiles.Listing> listings = new ArrayList<>();

    @BeforeEach
    void directories() throws IOException {
        context = Files.createDirectory(temp.resolve("context"));
        rootfs = Files.createDirectory(temp.resolve("rootfs"));
        uid = (Integer) Files.getAttribute(context, "unix:uid");
        gid = (Integer) Files.getAttribute(context, "unix:gid");
    }

    CopyFiles.Listing list(List<String> sources, String... exclude) throws IOException {
        CopyFiles.Listing listing =
                new HostCopyFiles(Optional.empty()).list(context, sources, List.of(exclude), new Cancellation());
        listings.add(listing);
        return listing;
    }

    @AfterEach
    void close() throws IOException {
        for (CopyFiles.Listing listing : listings) {
            listing.close();
        }
    }

    void copy(String source, String destination) throws IOException {
        copy(List.of(source), destination);
    }

    void copy(List<String> sources, String destination, String... exclude) throws IOException {
        list(sources, exclude)
                .writeTo(
                        rootfs,
                        new Sandbox.CopyTarget(destination.substring(1), uid, gid),
                        destination.endsWith("/"),
                        new Cancellation());
    }

    void sh(String script) throws IOException {
        new SystemCommands()
                .run(HostCommand.of("run a script", "sh", "-ec", script).in(temp));
    }

    @Test
    void listsWhatGoesIntoAnId() throws IOException {
        sh(
                "cd context; mkdir -p dir/sub .git; : > dir/x; : > dir/sub/y; chmod +x dir/x; ln -s sub/y dir/link; : > .git/HEAD");
        assertThat(list(List.of("."), ".git", "sub").manifests())
                .containsExactly(new Manifest.Dir(
                        "",
                        List.of(new Manifest.Dir(
                                "dir",
                                List.of(
                                        new Manifest.Symlink("dir/link", "sub/y"),
                                        new Manifest.File("dir/x", EMPTY, true))))));
        assertThat(list(List.of("dir/sub", "./dir//x"), "sub").manifests())
                .as("exclude never takes away a source itself")
                .containsExactly(
                        new Manifest.Dir("dir/sub", List.of(new Manifest.File("dir/sub/y", EMPTY, false))),
                        new Manifest.File("dir/x", EMPTY, true));
    }

    @Test
    void sortsByBytes() throws IOException {
        try (Dir dir = Dir.open(context)) {
            for (String name : List.of("b", "a", "\u00ff", "B", "a.b", "a-b", "\u00c3\u00bc")) {
                dir.createFile(name, 0644).close();
            }
        }
        Manifest.Dir all = (Manifest.Dir) list(List.of(".")).manifests().get(0);
        assertThat(all.children())
                .extracting(Manifest::path)
                .containsExactly("B", "a", "a-b", "a.b", "b", "\u00c3\u00bc", "\u00ff");
    }

    @Test
    void copiesAFileAsAnother() throws IOException {
        Files.writeString(context.resolve("a.txt"), "alpha");
        Files.setLastModifiedTime(
                context.resolve("a.txt"), FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
        copy("a.txt", "/srv/renamed");
        assertThat(rootfs.resolve("srv/renamed")).hasContent("alpha");
        assertThat(Files.getLastModifiedTime(rootfs.resolve("srv/renamed")))
                .isEqualTo(FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z")));
    }

    @Test
    void copiesIntoADirectoryAndAsOne() throws IOException {
        sh(
                "cd context; mkdir -p dir/sub; echo x > dir/x; echo y > dir/sub/y; ln -s sub/y dir/link; touch -d 2001-02-03 dir");
        copy("dir", "/into/");
        copy("dir", "/as");
        copy(".", "/all/");
        sh("diff -r --no-dereference context/dir rootfs/into/dir; diff -r --no-dereference context/dir rootfs/as;"
                + " diff -r --no-dereference context rootfs/all; [ $(readlink rootfs/as/link) = sub/y ];"
                + " [ \"$(stat -c %y context/dir)\" = \"$(stat -c %y rootfs/into/dir)\" ]");
    }

    @Test
    void modesAreTheTwoOfTheReference() throws IOException {
        sh("cd context; umask 077; mkdir d; : > plain; : > tool; chmod 4711 tool; chmod 700 d");
        copy(".", "/d/");
        sh(
                "[ $(stat -c %a rootfs/d/plain) = 644 ]; [ $(stat -c %a rootfs/d/tool) = 755 ]; [ $(stat -c %a rootfs/d/d) = 755 ]");
    }

    @Test
    void existingDirectoriesKeepTheirMode() throws IOException {
        sh("mkdir -m 1777 rootfs/tmp; mkdir -m 700 rootfs/tmp/d; cd context; mkdir d; : > d/f");
        copy("d", "/tmp/");
        sh("[ $(stat -c %a rootfs/tmp) = 1777 ]; [ $(stat -c %a rootfs/tmp/d) = 700 ]; [ -e rootfs/tmp/d/f ]");
    }

    @Test
    void replacesFilesRatherThanWritingIntoThem() throws IOException {
        sh(
                "echo old > rootfs/f; ln rootfs/f rootfs/other; echo new > context/f; mkdir outside; echo kept > outside/kept;"
                        + " ln -s ../outside/kept rootfs/link; echo new > context/link");
        copy(List.of("f", "link"), "/");
        sh("[ $(cat rootfs/f) = new ]; [ $(cat rootfs/other) = old ]; [ $(cat outside/kept) = kept ];"
                + " [ ! -L rootfs/link ]; [ $(cat rootfs/link) = new ]");
    }

    @Test
    void resolvesTheDestinationInsideTheRoot() throws IOException {
        sh(
                "mkdir -p rootfs/usr/bin rootfs/run outside; ln -s usr/bin rootfs/bin; mkdir rootfs/var; ln -s /run rootfs/var/run;"
                        + " ln -s ../../../../outside rootfs/climbs; ln -s " + temp
                        + "/outside rootfs/absolute; echo x > context/f");
        copy("f", "/bin/tool");
        copy("f", "/var/run/");
        copy("f", "/climbs/");
        copy("f", "/absolute/");
        sh("[ -e rootfs/usr/bin/tool ]; [ -e rootfs/run/f ]; [ -e rootfs/outside/f ]; [ -e rootfs" + temp
                + "/outside/f ]; [ -z \"$(ls outside)\" ]");
    }

    @Test
    void linksThatGoRoundAreAnError() throws IOException {
        sh("ln -s b rootfs/a; ln -s a rootfs/b; : > context/f");
        assertThatThrownBy(() -> copy("f", "/a/f")).hasMessageContaining("go round in a circle");
    }

    @Test
    void neverCopiesADirectoryThroughALink() throws IOException {
        sh("mkdir -p outside rootfs/d; ln -s ../../outside rootfs/d/sub; mkdir -p context/d/sub; : > context/d/sub/f");
        assertThatThrownBy(() -> copy("d", "/"))
                .hasMessageContaining("\"d/sub\"")
                .hasMessageContaining("a symbolic link");
        assertThat(temp.resolve("outside")).isEmptyDirectory();
    }

    @Test
    void aFileDoesNotReplaceADirectory() throws IOException {
        sh("mkdir -p rootfs/srv; : > context/f");
        assertThatThrownBy(() -> copy("f", "/srv")).hasMessageContaining("end dst with /");
    }

    @Test
    void neverLeavesTheContext() throws IOException {
        sh(
                "echo secret > outside; mkdir away; echo secret > away/f; ln -s ../away context/link; ln -s ../outside context/f");
        copy("f", "/f");
        assertThat(Files.readSymbolicLink(rootfs.resolve("f"))).hasToString("../outside");
        assertThatThrownBy(() -> copy("link/f", "/g")).hasMessageContaining("\"link\" on its way is a symbolic link");
        assertThatThrownBy(() -> copy("../outside", "/g")).hasMessageContaining("..");
        assertThatThrownBy(() -> copy("nowhere", "/g")).hasMessageContaining("there is no \"nowhere\"");
    }

    @Test
    void saysWhatCannotBeCopied() throws IOException {
        sh("mkfifo context/pipe");
        assertThatThrownBy(() -> copy(".", "/"))
                .hasMessageContaining("\"pipe\": it is a named pipe")
                .hasMessageContaining("(exclude pipe)");
        copy(List.of("."), "/", "pipe");
    }

    @Test
    void noticesFilesThatChange() throws IOException {
        Path file = Files.writeString(context.resolve("f"), "before");
        CopyFiles.Listing listing = list(List.of("."));
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "after!");
        Files.setLastModifiedTime(file, time);
        assertThatThrownBy(
                        () -> listing.writeTo(rootfs, new Sandbox.CopyTarget("d", uid, gid), true, new Cancellation()))
                .hasMessageContaining("\"f\": it changed while it was being copied");
    }

    @Test
    void aFileThatOnlyLooksChangedIsReadAgain() throws IOException {
        Path file = Files.writeString(context.resolve("f"), "same");
        CopyFiles.Listing listing = list(List.of("."));
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        listing.writeTo(rootfs, new Sandbox.CopyTarget("d", uid, gid), true, new Cancellation());
        assertThat(rootfs.resolve("d/f")).hasContent("same");
    }

    @Test
    void keepsNamesByteForByte() throws IOException {
        String odd = "-\n\u00ff\u00c3 x";
        try (Dir dir = Dir.open(context);
                Dir sub = dir.makeDir(odd, 0755)) {
            sub.createFile(odd, 0644).close();
            sub.symlink("link" + odd, odd);
        }
        copy(".", "/d/");
        try (Dir root = Dir.open(rootfs.resolve("d"));
                Dir sub = root.openDir(odd)) {
            assertThat(sub.stat(odd)).isPresent();
            assertThat(sub.readLink("link" + odd)).isEqualTo(odd);
        }
    }

    @Test
    void copiesLargeAndManyFiles() throws IOException {
        byte[] contents = new byte[5_000_001];
        new java.util.Random(1).nextBytes(contents);
        Files.write(context.resolve("large"), contents);
        for (int i = 0; i < 2000; i++) {
            Files.writeString(context.resolve("f" + i), Integer.toString(i));
        }
        copy(".", "/d/");
        sh("diff -r context rootfs/d");
    }

    @Test
    void stopsWhenCancelled() throws IOException {
        sh("cd context; : > a; : > b");
        Cancellation cancelled = new Cancellation();
        cancelled.cancel("enough");
        assertThatThrownBy(() -> new HostCopyFiles(Optional.empty()).list(context, List.of("."), List.of(), cancelled))
                .isInstanceOf(Sandbox.CancelledException.class);
    }

    /** Somebody swaps a directory of the context for a link to somewhere else, over and over, while it is being copied. */
    @Test
    void aDirectoryThatTurnsIntoALinkLeadsNowhere() throws Exception {
        sh(
                "mkdir outside; echo secret > outside/f; mkdir context/d; echo harmless > context/d/f; ln -s ../outside context/l");
        AtomicBoolean stop = new AtomicBoolean();
        Thread hostile = new Thread(() -> {
            while (!stop.get()) {
                swap();
            }
        });
        hostile.start();
        try {
            for (int i = 0; i < 300; i++) {
                tryToCopy(i);
                Path copied = rootfs.resolve("copy" + i + "/d/f");
                if (Files.exists(copied, LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(copied.getParent())) {
                    assertThat(copied).hasContent("harmless");
                }
            }
        } finally {
            stop.set(true);
            hostile.join();
        }
    }

    private void swap() {
        try {
            Files.move(context.resolve("d"), context.resolve("t"));
            Files.move(context.resolve("l"), context.resolve("d"));
            Files.move(context.resolve("d"), context.resolve("l"));
            Files.move(context.resolve("t"), context.resolve("d"));
        } catch (IOException e) {
            throw new AssertionError("only this thread moves them", e);
        }
    }

    private void tryToCopy(int i) {
        try {
            copy(List.of("d"), "/copy" + i + "/");
        } catch (IOException e) {
            assertThat(e).hasMessageNotContaining("secret");
        }
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void ownersAreTheTargets() throws IOException {
        sh("cd context; mkdir d; : > d/f; ln -s f d/l; mkdir ../rootfs/there");
        list(List.of("d")).writeTo(rootfs, new Sandbox.CopyTarget("there/new", 12, 34), true, new Cancellation());
        try (Dir root = Dir.open(rootfs);
                Dir there = root.openDir("there");
                Dir made = there.openDir("new");
                Dir d = made.openDir("d")) {
            assertThat(there.stat().uid()).isZero();
            for (FileStat stat : List.of(
                    made.stat(),
                    d.stat(),
                    d.stat("f").orElseThrow(),
                    d.stat("l").orElseThrow())) {
                assertThat(stat.uid()).isEqualTo(12);
                assertThat(stat.gid()).isEqualTo(34);
            }
        }
    }
}
