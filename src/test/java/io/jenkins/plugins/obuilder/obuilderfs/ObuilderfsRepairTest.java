package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mounting, unmounting, and what crashes leave; whoever uses the path meanwhile gets an answer, whatever it is. */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.CC})
class ObuilderfsRepairTest {
    @TempDir
    private Path directory;

    private PrefixLab lab;

    private void mount(Mode mode) throws IOException {
        lab = new PrefixLab(directory, mode);
        lab.view.repair();
        lab.write(ALICE, "file", "alice's");
        lab.write(BOB, "file", "bob's");
        works();
    }

    @BeforeEach
    void nothingYet() {
        lab = null;
    }

    @AfterEach
    void unmount() throws IOException {
        lab.close();
        assertThat(Mounts.within(lab.mountpoint)).isEmpty();
    }

    private void works() throws IOException {
        assertThat(lab.mustSh(ALICE, "cat $P/file")).isEqualTo("alice's");
    }

    private ProcessHandle server() throws IOException {
        return new RunFiles(lab.run(), lab.mountpoint).process().orElseThrow();
    }

    private void signal(String name) throws IOException {
        Tools.run(directory, "kill", "-" + name, Long.toString(server().pid()));
    }

    private void awaitEnd(ProcessHandle process) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatWasKilledIsReplaced(Mode mode) throws IOException {
        mount(mode);
        Peer alice = lab.peer(ALICE);
        assertThat(alice.ask("cd " + lab.mountpoint)).isEqualTo("ok");
        ProcessHandle dead = server();
        signal("KILL");
        awaitEnd(dead);

        assertThat(lab.sh(ALICE, "cat $P/file").complaint()).contains("not connected");
        assertThat(alice.ask("size .")).isIn("ENOTCONN", "ECONNABORTED");

        lab.view.repair();
        works();
        assertThat(server().pid()).isNotEqualTo(dead.pid());
        assertThat(Mounts.within(lab.mountpoint)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsKilledInTheMiddleOfEverythingLeavesNobodyWaiting(Mode mode) throws Exception {
        mount(mode);
        List<CompletableFuture<Void>> users = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String file = "file" + i;
            users.add(CompletableFuture.runAsync(() -> {
                try {
                    lab.sh(
                            ALICE,
                            "i=0; while [ $i -lt 5000 ] && echo $i > $P/" + file + " && cat $P/" + file
                                    + " > /dev/null; do i=$((i+1)); done");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        Thread.sleep(300);
        signal("KILL");
        for (CompletableFuture<Void> user : users) {
            user.get(60, TimeUnit.SECONDS);
        }
        lab.view.repair();
        works();
    }

    /** It lives, but does nothing any more: nothing that looks at the mount would ever come back. */
    @Test
    void aServerThatIsStuckIsReplacedAndWhoeverWaitsForItIsFreed() throws Exception {
        mount(Mode.PASSTHROUGH);
        ProcessHandle stuck = server();
        signal("STOP");
        CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> {
            try {
                return lab.sh(ALICE, "cat $P/file").status();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread.sleep(200);
        assertThat(waiting).isNotDone();

        lab.view.repair();

        assertThat(waiting.get(20, TimeUnit.SECONDS)).isNotZero();
        works();
        awaitEnd(stuck);
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatIsToldToEndUnmounts(Mode mode) throws IOException {
        mount(mode);
        ProcessHandle server = server();
        signal("TERM");
        awaitEnd(server);
        assertThat(Mounts.within(lab.mountpoint)).isEmpty();
        assertThat(lab.mountpoint).isEmptyDirectory();

        lab.view.repair();
        works();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsUnmountedByHandEndsItsServerAndIsMountedAgain(Mode mode) throws IOException {
        mount(mode);
        ProcessHandle server = server();
        Tools.run(directory, "umount", lab.mountpoint.toString());
        awaitEnd(server);

        lab.view.repair();
        works();
    }

    @ParameterizedTest
    @EnumSource
    void itIsUnmountedEvenWhileItIsBusy(Mode mode) throws IOException {
        mount(mode);
        Peer alice = lab.peer(ALICE);
        assertThat(alice.ask("cd " + lab.mountpoint)).isEqualTo("ok");
        assertThat(alice.ask("open 10 " + lab.prefix() + "/file r")).isEqualTo("ok");
        ProcessHandle server = server();

        lab.view.close();

        assertThat(Mounts.within(lab.mountpoint)).isEmpty();
        awaitEnd(server);
        assertThat(alice.ask("size file")).isNotEqualTo(Peer.HANG);
        assertThat(alice.ask("list .")).isNotEqualTo(Peer.HANG);
        assertThat(alice.ask("read 10 0 5")).isNotEqualTo(Peer.HANG);
        lab.view.repair();
        works();
    }

    @ParameterizedTest
    @EnumSource
    void severalThatMountAtOnceShareOne(Mode mode) throws Exception {
        mount(mode);
        lab.view.close();
        List<CompletableFuture<Void>> engines = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Obuilderfs view = lab.again(mode);
            engines.add(CompletableFuture.runAsync(() -> {
                try {
                    view.repair();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (CompletableFuture<Void> engine : engines) {
            engine.get(60, TimeUnit.SECONDS);
        }
        assertThat(Mounts.within(lab.mountpoint)).hasSize(1);
        works();
    }

    @ParameterizedTest
    @EnumSource
    void otherSettingsDoNotTakeItAway(Mode mode) throws IOException {
        mount(mode);
        Mode other = mode == Mode.REDIRECT ? Mode.PASSTHROUGH : Mode.REDIRECT;

        assertThatThrownBy(() -> lab.again(other).repair())
                .hasMessage("cannot mount at " + lab.mountpoint + ": it is mounted in the mode " + mode
                        + " with the scoreboard " + lab.scoreboard.path() + "; unmount it first: umount "
                        + lab.mountpoint);
        assertThatThrownBy(() -> lab.view.mountNew()).hasMessageContaining("is mounted already");
        works();
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeMountedSaysWhy(Mode mode) throws IOException {
        mount(mode);
        lab.view.close();
        Files.delete(lab.mountpoint);
        assertThatThrownBy(() -> lab.view.repair())
                .hasMessageContaining("cannot mount obuilderfs at " + lab.mountpoint)
                .hasMessageContaining("No such file");
        Files.createDirectory(lab.mountpoint);

        Tools.run(directory, "chmod", "777", lab.scoreboard.path().toString());
        assertThatThrownBy(() -> lab.view.repair()).hasMessageContaining("other users could replace the links in it");
    }
}
