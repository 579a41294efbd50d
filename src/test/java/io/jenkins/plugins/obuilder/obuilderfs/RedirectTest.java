package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom the link leads where. */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.CC})
class RedirectTest {
    private static final int STRANGER = 7707;

    @TempDir
    private Path directory;

    private PrefixLab lab;

    @BeforeEach
    void mount() throws IOException {
        lab = new PrefixLab(directory, Mode.REDIRECT);
        lab.view.repair();
        lab.write(ALICE, "file", "alice's");
        lab.write(BOB, "file", "bob's");
    }

    @AfterEach
    void unmount() throws IOException {
        lab.close();
    }

    @Test
    void theHostsOwnUsersAndWhoHasNoLinkAreLedToAnEmptyDirectory() throws IOException {
        lab.scoreboard.clear(BOB);
        for (int uid : new int[] {0, 1, 501, STRANGER, BOB}) {
            assertThat(lab.mustSh(uid, "ls -A $P/; cd $P; readlink $P; ls -A " + lab.mountpoint))
                    .as("user " + uid)
                    .isEqualTo("empty\nempty\nlocal\n");
            assertThat(lab.sh(uid, "cat $P/file").complaint()).contains("No such file");
            assertThat(lab.sh(uid, "echo x > $P/new").status()).isNotZero();
            assertThat(lab.sh(uid, "rm -r " + lab.mountpoint + "/local").status())
                    .isNotZero();
            assertThat(lab.sh(uid, "mkdir " + lab.mountpoint + "/new").complaint())
                    .contains("Read-only");
        }
        assertThat(lab.mustSh(ALICE, "cat $P/file")).isEqualTo("alice's");
    }

    @Test
    void aNewHomeIsFoundAtOnce() throws IOException {
        Peer alice = lab.peer(ALICE);
        for (int i = 0; i < 20; i++) {
            Path home = lab.directory.resolve("homes/next" + i);
            lab.makeHome(home, ALICE);
            Files.writeString(home.resolve("local/file"), "number " + i);
            lab.scoreboard.lead(ALICE, home);
            assertThat(alice.ask("cat " + lab.prefix() + "/file")).isEqualTo("=number " + i);
        }
        lab.scoreboard.clear(ALICE);
        assertThat(alice.ask("cat " + lab.prefix() + "/file")).isEqualTo("ENOENT");
    }

    @Test
    void manyLookAtTheSameTimeAndEachFindsItsOwn() throws Exception {
        List<CompletableFuture<String>> users = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            int uid = i % 2 == 0 ? ALICE : BOB;
            users.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return lab.mustSh(
                            uid,
                            "for i in $(seq 300); do read x < $P/file || :; echo $x; done | sort | uniq -c | tr -d ' '");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (int i = 0; i < users.size(); i++) {
            assertThat(users.get(i).get(60, TimeUnit.SECONDS)).isEqualTo(i % 2 == 0 ? "300alice's\n" : "300bob's\n");
        }
    }

    /** The link's target is what root's side wrote; what the home makes of it, it can use with its own rights alone. */
    @Test
    void aHostileHomeLeadsItsOwnUserAndNobodyElse() throws IOException {
        Path secret = lab.directory.resolve("secret");
        Files.writeString(secret, "s");
        Tools.run(lab.directory, "chmod", "600", secret.toString());
        Tools.run(lab.directory, "rm", "-r", lab.local(ALICE).toString());
        Files.createSymbolicLink(lab.local(ALICE), lab.directory);

        assertThat(lab.mustSh(ALICE, "readlink $P")).isEqualTo(lab.local(ALICE) + "\n");
        assertThat(lab.sh(ALICE, "cat $P/secret").complaint()).contains("Permission denied");
        assertThat(lab.mustSh(0, "readlink $P; ls -A $P/")).isEqualTo("empty\n");
        assertThat(lab.mustSh(BOB, "cat $P/file")).isEqualTo("bob's");

        Files.delete(lab.local(ALICE));
        Files.createSymbolicLink(lab.local(ALICE), lab.prefix());
        assertThat(lab.sh(ALICE, "cat $P/file").complaint()).contains("symbolic links");
    }

    @Test
    void aLinkThatSomebodyElseMadeLeadsNobody() throws IOException {
        Path link = lab.scoreboard.path().resolve(Integer.toString(STRANGER));
        Files.createSymbolicLink(link, lab.home(BOB));
        Tools.run(lab.directory, "chown", "-h", ALICE + ":" + ALICE, link.toString());

        assertThat(lab.mustSh(STRANGER, "readlink $P")).isEqualTo("empty\n");
    }

    @Test
    void aLeaseIsForAll() throws IOException {
        try (PrefixView.Lease first = lab.view.lease(ALICE);
                PrefixView.Lease second = lab.view.lease(BOB)) {
            assertThat(List.of(first, second)).doesNotContainNull();
            assertThat(lab.mustSh(ALICE, "cat $P/file") + lab.mustSh(BOB, "cat $P/file"))
                    .isEqualTo("alice'sbob's");
        }
    }

    /** Java would wait for itself when it loads what it has not loaded yet. */
    @Test
    void itIsNotMountedOverTheJavaThatServesIt() throws IOException {
        Path java = Path.of(System.getProperty("java.home")).toRealPath();
        Obuilderfs view = new Obuilderfs(
                ObuilderfsSettings.of(lab.scoreboard.path(), java.getParent(), Mode.REDIRECT), lab.run());
        assertThatThrownBy(view::repair)
                .hasMessageContaining("the program that would serve it lies below")
                .hasMessageContaining(java.toString());
    }
}
