package io.jenkins.plugins.obuilder.cli;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.Processes;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.UserSettings;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The user sandbox where the kernel refuses mounts and namespaces to root, as in most containers: what a step leaves in the places that it
 * shares with everybody goes with it, and nobody else's.
 */
@Needs({Need.PRIVATE_ROOT, Need.RSYNC, Need.BUSYBOX_STATIC})
class NoNamespacesRunTest {
    private static final UserSettings SETTINGS = UserSettings.LINUX;
    private static final int UID = SETTINGS.firstUid();
    private static final Path SPOOL = Path.of("/var/spool");
    private static final String LITTER = """
            set -e
            (setsid sleep 7303 > /dev/null 2>&1 < /dev/null &)
            ipcmk -Q > /dev/null; ipcmk -S 1 > /dev/null; ipcmk -M 4096 > /dev/null
            for place in /tmp /var/tmp /dev/shm /run/lock; do
                echo left > $place/left; mkdir -p -m 777 $place/left.d/deep; ln -s /etc/passwd $place/left.d/link
                echo left > $place/of-others/left
            done
            mkfifo /tmp/left.pipe; cp /bin/sleep /tmp/left.sleep; chmod 4755 /tmp/left.sleep; echo left > $TMPDIR/left
            """;

    @TempDir
    Path directory;

    private Workbench bench;
    private String before;

    @BeforeEach
    void open() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Path base = Files.createDirectories(directory.resolve("base"));
        Files.createFile(base.resolve(".obuilder_profile.sh"));
        bench = new Workbench(directory, "rsync")
                .with(
                        "--image",
                        "home=dir:" + base,
                        "--sandbox",
                        "user",
                        "--secret",
                        "token:" + Files.writeString(directory.resolve("token"), "hush-xyz"))
                .startedBy("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin");
        LinuxMounts.tmpfs(SPOOL, "mode=755");
        // A set-gid crontab(1) writes there for the account.
        sh("mkdir -p /var/spool/cron/crontabs; chmod 1730 /var/spool/cron/crontabs; cd /var/spool/cron/crontabs;"
                + " touch root ob" + UID + "; chown " + UID + " ob" + UID);
        sh(
                "for place in /tmp /var/tmp /dev/shm /run/lock; do mkdir -m 1777 $place/of-others; echo kept > $place/of-others/kept;"
                        + " done; ipcmk -M 4096");
        // The first build makes directories that stay.
        Files.setPosixFilePermissions(
                Files.createDirectory(bench.store()), PosixFilePermissions.fromString("rwxr-xr-x"));
        bench.mustBuild(spec());
        before = shared();
    }

    @AfterEach
    void othersThingsAreStillThere() throws Exception {
        try {
            assertThat(Processes.ofUser(UID)).isEmpty();
            assertThat(new LinuxAccounts(new SystemCommands()).userName(UID)).isEmpty();
            assertThat(SETTINGS.home()).doesNotExist();
            assertThat(shared())
                    .isEqualTo(before.replace("/var/spool/cron/crontabs/ob" + UID + "\n", ""))
                    .contains("kept", "crontabs/root");
            assertThat(sh("grep -rlF hush-xyz /dev/shm /run/obuilder || true")).isEmpty();
        } finally {
            Mounts.unmount(SPOOL);
            sh("rm -rf /tmp/of-others /var/tmp/of-others /dev/shm/of-others /run/lock/of-others; ipcrm --all");
        }
    }

    /** What there is in the shared places of all that this test and its steps make, and every IPC object. */
    private static String shared() throws IOException {
        return sh(
                "cat /proc/sysvipc/* | awk '{ print $1, $2, $3 }'; find /run/obuilder /var/spool/cron -not -name '*.lock' -not -name accounts | sort;"
                        + " ls -d /tmp/left* /var/tmp/left* /dev/shm/left* /run/lock/left* 2> /dev/null;"
                        + " cat /tmp/of-others/* /var/tmp/of-others/* /dev/shm/of-others/* /run/lock/of-others/*");
    }

    private static String sh(String command) throws IOException {
        return Tools.run(Path.of("/"), "sh", "-c", command);
    }

    private static String spec(String... ops) {
        return "((from home) (shell /bin/sh -c)\n" + String.join("\n", ops) + ")";
    }

    @Test
    void whatAStepLeavesInSharedPlacesGoesWithIt() throws Exception {
        try (EngineProcess process = bench.start(spec(run(LITTER + "exit 3", secret("token", "/token"))))) {
            assertThat(process.join()).as(process.out()).isEqualTo(1);

            assertThat(process.err())
                    .contains("private namespaces are refused here")
                    .contains("exit status 3");
        }
        try (EngineProcess process = bench.start(spec(run(LITTER + "pwd", secret("token", "/token"))))) {
            assertThat(process.join()).as(process.out() + process.err()).isZero();

            assertThat(process.out()).contains("\n" + SETTINGS.home() + "\n--->");
        }
    }

    @Test
    void whatACrashedBuildLeftThereGoesWithTheNextStart() throws Exception {
        try (Gate gate = Gate.closed()) {
            String litter = spec(run(
                    LITTER + gate.pass("litter").replace("nc", "busybox nc"),
                    "(network host)",
                    secret("token", "/token")));
            try (EngineProcess process = bench.start(litter)) {
                gate.awaitArrivals(1);
                process.kill();
            }
            assertThat(sh("ls /tmp/left.d /proc/sysvipc; grep -rlF hush-xyz /dev/shm /run/obuilder"))
                    .as("it is left")
                    .contains("deep", "token");
        }

        try (EngineProcess process = bench.start(spec())) {
            assertThat(process.join()).as(process.out() + process.err()).isZero();

            assertThat(process.err()).contains("a build that crashed had left the account ob" + UID);
        }
    }
}
