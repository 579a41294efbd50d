package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.LimitedGroup;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where control groups are for reading only, as in most containers: no limits, but everything else. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC})
class ReadOnlyCgroupsTest {
    private static final ResourceLimits LIMITS =
            new ResourceLimits(OptionalLong.of(64 << 20), OptionalInt.of(40), OptionalDouble.of(0.5));

    @TempDir
    Path tmp;

    @BeforeEach
    void protect() throws IOException {
        remount("ro");
    }

    @AfterEach
    void unprotect() throws IOException {
        remount("rw");
    }

    /** In this process' own mount namespace. */
    private static void remount(String how) throws IOException {
        Tools.run(Path.of("/"), "sh", "-euc", """
                while read -r _ place type _; do
                    case $type in cgroup | cgroup2) mount -o remount,bind,$1 "$place" ;; esac
                done </proc/self/mounts
                """, "sh", how);
    }

    private RuncSandbox sandbox(ResourceLimits limits) {
        return new RuncSandbox(new SystemCommands(), tmp.resolve("processes"), false, limits, Optional.of("runc"));
    }

    @Test
    void containersWorkAndLimitsSayWhatTheyTake() throws IOException {
        Path rootfs = BusyboxTree.make(tmp.resolve("rootfs"));
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (RuncSandbox sandbox = sandbox(ResourceLimits.NONE)) {
            assertThat(sandbox.whyUnsupported()).isEmpty();
            assertThat(sandbox.run(Steps.sh("echo ran").build(), rootfs, log, new Cancellation()))
                    .isZero();
        }
        try (RuncSandbox sandbox = sandbox(LIMITS)) {
            assertThat(sandbox.whyUnsupported())
                    .as("what healthcheck says, which is asked with the limits of the builds")
                    .hasValueSatisfying(
                            why -> assertThat(why).contains("Read-only file system", "--privileged", "give no limits"));
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> sandbox.run(Steps.sh("echo limited").build(), rootfs, log, new Cancellation()))
                    .withMessageContaining("Read-only file system");
        }
        assertThat(log).hasToString("ran\n");
        assertThat(LimitedGroup.whyRefused("obuilder-test", LIMITS)).isPresent();
    }
}
