package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.PrivateNamespace;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Needs(Need.PRIVATE_ROOT)
class MountedHomeTest {
    private static final int UID = 6300;

    /** Not in /tmp, as a step has a /tmp of its own. */
    @TempDir(factory = UserSandboxBench.BelowSrv.class)
    Path tmp;

    /** Theirs are busy as a rule, and every step would wait until it has lost its patience. */
    @Test
    void takesAwayNothingButItsOwnMounts() throws Exception {
        UserSettings settings = new UserSettings("obt", UID, UID, tmp.resolve("home"), tmp.resolve("run"));
        Path rootfs = Files.createDirectories(tmp.resolve("store/rootfs"));
        Path cache = Files.createDirectories(tmp.resolve("store/cache"));
        Path scratch = Files.createDirectories(tmp.resolve("store/scratch"));
        Files.createDirectories(settings.home());
        Sandbox.Command command =
                Steps.sh("true").cache(cache, settings.home() + "/c").build();
        PrivateNamespace.call(true, () -> {
            for (String directory : List.of("/tmp", "/var/tmp", "/dev/shm")) {
                LinuxMounts.bind(Path.of(directory), Path.of(directory));
            }
            List<String> before = mounts();
            HomeView view = MountedHome.open(settings, UID, rootfs, command, scratch, rootfs.getParent());
            assertThat(mounts()).hasSizeGreaterThan(before.size() + 5);
            view.close();
            assertThat(mounts()).isEqualTo(before);
            return null;
        });
    }

    private static List<String> mounts() throws IOException {
        return Mounts.list().stream().map(MountPoint::path).toList();
    }
}
