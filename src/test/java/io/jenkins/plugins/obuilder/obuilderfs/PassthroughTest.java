package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the path lets in, when it can let in one user alone. */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.CC})
class PassthroughTest {
    private static final int STRANGER = 7707;

    @TempDir
    private Path directory;

    private PrefixLab lab;

    @BeforeEach
    void mount() throws IOException {
        lab = new PrefixLab(directory, Mode.PASSTHROUGH);
        lab.view.repair();
        lab.write(ALICE, "bin/tool", "alice's");
        lab.write(BOB, "bin/tool", "bob's");
    }

    @AfterEach
    void unmount() throws IOException {
        lab.close();
    }

    private String refused(int uid, String script) throws IOException {
        var result = lab.sh(uid, script);
        assertThat(result.status()).as(script).isNotZero();
        return result.complaint();
    }

    @Test
    void whoComesFirstHasItAndASecondUserIsRefused() throws IOException {
        assertThat(lab.mustSh(ALICE, "cat $P/bin/tool")).isEqualTo("alice's");

        assertThat(refused(BOB, "cat $P/bin/tool")).contains("busy");
        assertThat(refused(BOB, "ls $P")).contains("busy");
        assertThat(refused(BOB, "ls $P/bin")).contains("busy");
        assertThat(refused(BOB, "mkdir $P/new")).contains("busy");
        assertThat(refused(BOB, "cat $P/no-such-file")).contains("busy");
        assertThat(refused(BOB, "cd $P")).isNotEmpty();
        assertThat(lab.mustSh(ALICE, "cat $P/bin/tool; ls $P")).isEqualTo("alice'sbin\n");
    }

    @Test
    void aLeaseGivesItToOneWhoeverCameFirst() throws IOException {
        assertThat(lab.mustSh(BOB, "cat $P/bin/tool")).isEqualTo("bob's");

        try (PrefixView.Lease lease = lab.view.lease(ALICE)) {
            assertThat(lease).isNotNull();
            assertThat(refused(BOB, "cat $P/bin/tool")).contains("busy");
            assertThat(lab.mustSh(ALICE, "cat $P/bin/tool")).isEqualTo("alice's");
            assertThatThrownBy(() -> lab.again(Mode.PASSTHROUGH).lease(BOB))
                    .isInstanceOf(PrefixBusyException.class)
                    .hasMessageContaining("cannot lead the user " + BOB + " through " + lab.mountpoint + ": the user "
                            + ALICE + " has it, and only one can at a time");
        }
        assertThat(lab.mustSh(BOB, "cat $P/bin/tool")).isEqualTo("bob's");
    }

    @Test
    void nothingOfAHomeIsOpenAfterItsLease() throws IOException {
        Tools.run(
                lab.directory,
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "mode=755",
                "tmpfs",
                lab.home(ALICE).toString());
        lab.makeHome(lab.home(ALICE), ALICE);
        Peer alice = lab.peer(ALICE);
        try (PrefixView.Lease lease = lab.view.lease(ALICE)) {
            assertThat(lease).isNotNull();
            lab.mustSh(ALICE, "mkdir $P/d; echo x > $P/d/f; ls -R $P");
            assertThat(alice.ask("open 10 " + lab.mountpoint + "/d/f rw")).isEqualTo("ok");
        }
        // Not even where a process lives that has a file open: that is a file of the mount, not of the home.
        Tools.run(lab.directory, "umount", lab.home(ALICE).toString());
        assertThat(alice.ask("read 10 0 1")).isIn("ESTALE", "ENOENT");
    }

    @Test
    void aLeaseEndsWithTheProcessThatHasIt() throws Exception {
        Process engine = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaseHolder.class.getName(),
                        lab.scoreboard.path().toString(),
                        lab.mountpoint.toString(),
                        lab.run().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(engine.inputReader().readLine()).isEqualTo("has it");
        assertThatThrownBy(() -> lab.view.lease(BOB)).isInstanceOf(PrefixBusyException.class);

        engine.destroyForcibly().waitFor();

        await().untilAsserted(() -> lab.view.lease(BOB).close());
    }

    /** An engine that takes a lease and waits to be killed. */
    static final class LeaseHolder {
        public static void main(String[] args) throws Exception {
            new Obuilderfs(
                            ObuilderfsSettings.of(Path.of(args[0]), Path.of(args[1]), Mode.PASSTHROUGH),
                            Path.of(args[2]))
                    .lease(ALICE);
            System.out.println("has it");
            Thread.sleep(120_000);
        }
    }

    @Test
    void whenTheFirstUsersLinkGoesTheSecondGetsIn() throws IOException {
        lab.mustSh(ALICE, "cat $P/bin/tool");
        lab.scoreboard.clear(ALICE);

        assertThat(lab.mustSh(BOB, "cat $P/bin/tool")).isEqualTo("bob's");
        assertThat(lab.mustSh(ALICE, "ls -A $P")).as("no link any more: empty").isEmpty();
    }

    @Test
    void theSameUserWithAnotherHomeFindsThatOne() throws IOException {
        lab.mustSh(ALICE, "cat $P/bin/tool; test ! -e $P/new");
        Peer alice = lab.peer(ALICE);
        assertThat(alice.ask("open 10 " + lab.mountpoint + "/bin/tool r")).isEqualTo("ok");
        Path next = lab.directory.resolve("homes/next");
        lab.makeHome(next, ALICE);
        Files.createDirectory(next.resolve("local/bin"));
        Files.writeString(next.resolve("local/bin/tool"), "next's");
        Files.writeString(next.resolve("local/new"), "n");
        PrefixLab.own(next, ALICE);

        lab.scoreboard.lead(ALICE, next);

        assertThat(alice.ask("cat " + lab.mountpoint + "/bin/tool")).isEqualTo("=next's");
        assertThat(lab.mustSh(ALICE, "cat $P/bin/tool $P/new")).isEqualTo("next'sn");
    }

    /** The store may mount the next snapshot where the one before was; the link is the same then, but made anew. */
    @Test
    void theSamePathWithAnotherSnapshotIsAnotherHome() throws IOException {
        lab.mustSh(ALICE, "cat $P/bin/tool");
        Path old = lab.directory.resolve("homes/old");
        Files.move(lab.home(ALICE), old);
        lab.makeHome(lab.home(ALICE), ALICE);
        lab.write(ALICE, "bin/tool", "second");

        lab.scoreboard.lead(ALICE, lab.home(ALICE));

        assertThat(lab.mustSh(ALICE, "cat $P/bin/tool")).isEqualTo("second");
    }

    @Test
    void toTheHostsOwnUsersAndToWhoHasNoLinkItIsEmpty() throws IOException {
        for (int uid : new int[] {0, 1, 501, STRANGER}) {
            emptyFor(uid);
        }
        Peer alice = lab.peer(ALICE);
        assertThat(alice.ask("cd " + lab.mountpoint + "/bin")).isEqualTo("ok");
        for (int uid : new int[] {0, 1, 501, STRANGER}) {
            emptyFor(uid);
        }
        assertThat(alice.ask("cwd")).as("nobody's looking disturbs the holder").isEqualTo(lab.mountpoint + "/bin");
        assertThat(alice.ask("cat tool")).isEqualTo("=alice's");
    }

    private void emptyFor(int uid) throws IOException {
        assertThat(lab.mustSh(uid, "ls -A $P; test -d $P")).isEmpty();
        assertThat(refused(uid, "cat $P/bin/tool")).contains("No such file");
        assertThat(refused(uid, "ls $P/bin")).contains("No such file");
        assertThat(refused(uid, "stat $P/bin")).contains("No such file");
        assertThat(refused(uid, "cd $P/bin")).isNotEmpty();
        assertThat(refused(uid, "readlink $P/bin")).isEqualTo("it said nothing");
        assertThat(refused(uid, "echo x > $P/new")).isNotEmpty();
        assertThat(refused(uid, "mkdir $P/new")).contains("Read-only");
        assertThat(refused(uid, "rmdir $P/bin")).isNotEmpty();
        assertThat(refused(uid, "rm -r $P/bin")).isNotEmpty();
        assertThat(refused(uid, "mv $P/bin $P/other")).isNotEmpty();
        assertThat(lab.mustSh(uid, "df $P > /dev/null; find $P")).isEqualTo(lab.mountpoint + "\n");
    }

    @Test
    void aUserRefusedDoesNotDisturbTheHolder() throws IOException {
        Peer alice = lab.peer(ALICE);
        assertThat(alice.ask("cd " + lab.mountpoint + "/bin")).isEqualTo("ok");
        Peer bob = lab.peer(BOB);
        for (int i = 0; i < 3; i++) {
            for (String line : new String[] {
                "size %s/bin",
                "size %s/bin/tool",
                "cat %s/bin/tool",
                "list %s/bin",
                "rename %s/bin %s/other",
                "unlink %s/bin/tool",
                "mkdir %s/bin/x",
                "cd %s/bin",
                "run %s/bin/tool",
                "link %s/bin/tool %s/bin/other"
            }) {
                String answer = bob.ask(line.replace("%s", lab.mountpoint.toString()));
                assertThat(answer).as(line).isIn("EBUSY", "127");
            }
            assertThat(alice.ask("cwd")).isEqualTo(lab.mountpoint + "/bin");
            assertThat(alice.ask("cat tool")).isEqualTo("=alice's");
        }
    }

    @Test
    void aLocalThatLeadsElsewhereLeadsNowhere() throws IOException {
        Path elsewhere = Files.createDirectory(lab.directory.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("secret"), "s");
        Tools.run(lab.local(ALICE), "rm", "-r", lab.local(ALICE).toString());
        Files.createSymbolicLink(lab.local(ALICE), elsewhere);

        assertThat(lab.mustSh(ALICE, "ls -A $P")).isEmpty();
        assertThat(refused(ALICE, "cat $P/secret")).contains("No such file");

        Files.delete(lab.local(ALICE));
        assertThat(lab.mustSh(ALICE, "ls -A $P")).isEmpty();
        Files.createDirectory(lab.local(ALICE));
        lab.write(ALICE, "there", "now");
        assertThat(lab.mustSh(ALICE, "ls -A $P")).isEqualTo("there\n");
    }

    @Test
    void aHomeBelowTheMountItselfLeadsNowhere() throws IOException {
        lab.scoreboard.lead(ALICE, lab.mountpoint.resolve("bin"));
        assertThat(lab.mustSh(ALICE, "ls -A $P")).isEmpty();

        Path link = lab.directory.resolve("link");
        Files.createSymbolicLink(link, lab.mountpoint);
        lab.scoreboard.lead(ALICE, link);
        assertThat(lab.mustSh(ALICE, "ls -A $P")).isEmpty();
    }

    @Test
    void aWayToTheHomeOverLinksOfRootsIsFollowed() throws IOException {
        Path link = lab.directory.resolve("link");
        Files.createSymbolicLink(link, Path.of("homes"));
        Path second = lab.directory.resolve("second");
        Files.createSymbolicLink(second, link.toAbsolutePath().resolve("../link/."));
        lab.scoreboard.lead(ALICE, second.resolve("ob" + ALICE));

        assertThat(lab.mustSh(ALICE, "cat $P/bin/tool")).isEqualTo("alice's");
    }

    /** Whoever serves would wait for itself. */
    @Test
    void itsOwnMountInsideATreeIsNotEntered() throws IOException {
        Files.createDirectory(lab.local(ALICE).resolve("inside"));
        PrefixLab.own(lab.local(ALICE), ALICE);
        Tools.run(lab.directory, "mount", "--bind", lab.mountpoint.toString(), lab.local(ALICE) + "/inside");
        try {
            for (int i = 0; i < 10; i++) {
                assertThat(refused(ALICE, "ls $P/inside/bin")).contains("symbolic links");
            }
            assertThat(lab.mustSh(ALICE, "cat $P/bin/tool")).isEqualTo("alice's");
        } finally {
            Tools.run(lab.directory, "umount", lab.local(ALICE) + "/inside");
        }
    }

    @Test
    void anotherFileSystemInsideATreeIsPartOfIt() throws IOException {
        Files.createDirectory(lab.local(ALICE).resolve("cache"));
        Tools.run(lab.directory, "mount", "-t", "tmpfs", "-o", "mode=777", "tmpfs", lab.local(ALICE) + "/cache");
        try {
            assertThat(lab.mustSh(ALICE, "echo x > $P/cache/f; cat $P/cache/f")).isEqualTo("x\n");
            assertThat(lab.local(ALICE).resolve("cache/f")).hasContent("x");
        } finally {
            lab.scoreboard.clear(ALICE);
            lab.mustSh(BOB, "ls $P");
            Tools.run(lab.directory, "umount", lab.local(ALICE) + "/cache");
        }
    }

    @Test
    void itsRealPathIsThePrefixItself() throws IOException {
        assertThat(lab.mustSh(ALICE, "cd $P/bin && pwd -P && realpath tool"))
                .isEqualTo(lab.mountpoint + "/bin\n" + lab.mountpoint + "/bin/tool\n");
    }
}
