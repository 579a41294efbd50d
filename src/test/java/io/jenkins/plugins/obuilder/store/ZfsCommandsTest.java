package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.ZfsPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is done about commands that hang, and about datasets that somebody keeps busy. */
@Needs(Need.PRIVATE_ROOT)
@Timeout(120)
class ZfsCommandsTest {
    private static final Duration LIMIT = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String DATASET = ZfsPool.NAME + "/held";

    @TempDir
    Path temp;

    /** Commands among which {@code zfs} is this script. */
    private ZfsCommands scripted(String script) throws IOException {
        Path bin = Files.createDirectory(temp.resolve("bin"));
        Path zfs = Files.writeString(bin.resolve("zfs"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(zfs, PosixFilePermissions.fromString("rwxr-xr-x"));
        return new ZfsCommands(new SystemCommands(List.of(bin, Path.of("/usr/bin"), Path.of("/bin"))), PATIENCE, LIMIT);
    }

    @Test
    void aCommandThatHangsIsKilledWithAllThatItStarted() throws Exception {
        Path pids = temp.resolve("pids");
        ZfsCommands zfs = scripted("sleep 7405 & echo $$ $! > " + pids + "; wait");
        assertThatThrownBy(() -> zfs.mount("tank/result"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot mount tank/result: ")
                .hasMessageContaining("zfs mount tank/result")
                .hasMessageContaining("1 s")
                .hasMessageContaining("only a restart of the system helps");
        for (String pid : Files.readString(pids).strip().split(" ")) {
            await().until(() -> ended(Long.parseLong(pid)));
        }
    }

    /** Nobody may be there to reap it. */
    private static boolean ended(long pid) throws IOException {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            return Files.readString(status).contains("State:\tZ");
        } catch (java.nio.file.NoSuchFileException e) {
            return true;
        }
    }

    @Test
    void whatIsBusyIsTriedAgainAndThenByForce() throws Exception {
        Path asked = temp.resolve("asked");
        ZfsCommands zfs = scripted("echo \"$*\" >> " + asked
                + "; [ \"$2\" = -f ] || { echo \"cannot unmount 'tank/a': pool or dataset is busy\" >&2; exit 1; }");
        zfs.unmount("tank/a");
        List<String> lines = Files.readAllLines(asked);
        assertThat(lines).hasSizeGreaterThan(2).endsWith("unmount -f tank/a");
        assertThat(lines.subList(0, lines.size() - 1)).containsOnly("unmount tank/a");
    }

    @Test
    void whatMacosCallsBusyIsBusy() throws Exception {
        ZfsCommands zfs = scripted(
                "if [ \"$2\" = -f ]; then exit 0; fi; echo 'Volume a on disk6s1 failed to unmount: dissented by PID 0"
                        + " (kernel_task)' >&2; echo \"cannot unmount '/Volumes/tank/a': unmount failed\" >&2; exit 1");
        zfs.unmount("tank/a");
    }

    @Test
    void otherComplaintsAreNoReasonToTryAgain() throws Exception {
        Path asked = temp.resolve("asked");
        ZfsCommands zfs = scripted(
                "echo \"$*\" >> " + asked + "; echo \"cannot promote 'tank/a': permission denied\" >&2; exit 1");
        assertThatThrownBy(() -> zfs.promote("tank/a"))
                .hasMessageContaining("cannot promote tank/a")
                .hasMessageContaining("permission denied");
        assertThat(asked).hasContent("promote tank/a");
    }

    @Test
    @Needs(Need.ZFS)
    void whoeverKeepsADatasetBusyIsNamedUnlessItEndsInTime() throws Exception {
        try (ZfsPool fuse = ZfsPool.make(temp, 128)) {
            ZfsCommands zfs = new ZfsCommands(new SystemCommands(), PATIENCE, Duration.ofMinutes(1));
            zfs.create(DATASET, List.of());
            Process holder = new ProcessBuilder("sleep", "7406")
                    .directory(fuse.root().resolve("held").toFile())
                    .start();
            try {
                assertThatThrownBy(() -> zfs.set(DATASET, "mountpoint", temp + "/elsewhere"))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("cannot set mountpoint of " + DATASET + ": still busy after 3 s")
                        .hasMessageContaining("it is used by " + holder.pid() + " (sleep): end that, and try again");
                ZfsCommands patient =
                        new ZfsCommands(new SystemCommands(), Duration.ofSeconds(20), Duration.ofMinutes(1));
                CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS).execute(holder::destroyForcibly);
                patient.set(DATASET, "mountpoint", temp + "/elsewhere");
                assertThat(zfs.list(DATASET, "filesystem", 0, "mountpoint"))
                        .isEqualTo(Optional.of(List.of(List.of(temp + "/elsewhere"))));
            } finally {
                holder.destroyForcibly().waitFor();
            }
        }
    }
}
