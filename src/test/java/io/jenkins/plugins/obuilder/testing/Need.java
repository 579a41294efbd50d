package io.jenkins.plugins.obuilder.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Things that only some machines have. Each knows how to find out, harmlessly, and what to do about it. */
public enum Need {
    /** Root, in namespaces of its own: what such a test does to accounts, mounts and processes must not reach the machine. */
    PRIVATE_ROOT(() -> {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("needs root");
        }
        return System.getenv("OBUILDER_TEST_NAMESPACE") == null
                ? Optional.of("needs private namespaces: run it through ./check or src/test/sh/private-namespace")
                : Optional.empty();
    }),
    RUNC(() -> command("runc", "--version")),
    CRUN(() -> command("crun", "--version")),
    RSYNC(() -> command("rsync", "--version")),
    SUDO(() -> command("sudo", "--version")),
    BUSYBOX_STATIC(() -> command("/bin/busybox", "true")),
    /** debootstrap and the mirror it loads packages from. */
    DEBOOTSTRAP(DebianTree::whyMissing),
    LOOP_DEVICES(() -> command("losetup", "--find")),
    BTRFS(() -> command("mkfs.btrfs", "--version")),
    XFS(() -> command("mkfs.xfs", "-V")),
    /** Debian's zfs-fuse. */
    ZFS_FUSE(() -> exists("/usr/sbin/zfs-fuse")),
    /** OpenZFS, or zfs-fuse in its place. */
    ZFS(() -> ZfsPool.isReal() ? Optional.empty() : exists("/usr/sbin/zfs-fuse")),
    FUSE(() -> exists("/dev/fuse")),
    BINDFS(() -> command("bindfs", "--version")),
    /** A C compiler with the headers of libc, and make. */
    CC(() ->
            command("cc", "--version").or(() -> exists("/usr/include/stdio.h")).or(() -> command("make", "--version"))),
    GIT(() -> command("git", "--version")),
    DOCKERD(() -> command("dockerd", "--version")),
    REGISTRY(() -> command("docker-registry", "--version")),
    /** What src/test/sh/emulated-mac and its stand-ins are made of. */
    EMULATED_MAC(() -> command(
            "sh",
            "-c",
            "for tool in nsenter unshare setpriv pivot_root perl ip flock; do command -v $tool || exit; done")),
    OVERLAYFS(Need::overlay);

    private final Supplier<Optional<String>> whyMissing;

    Need(Supplier<Optional<String>> whyMissing) {
        this.whyMissing = whyMissing;
    }

    /** Why it is missing; empty when it is there. */
    public Optional<String> whyMissing() {
        return whyMissing.get();
    }

    private static Optional<String> exists(String path) {
        return Files.exists(Path.of(path)) ? Optional.empty() : Optional.of("needs " + path);
    }

    static Optional<String> command(String... argv) {
        try {
            Process process = new ProcessBuilder(argv)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of(argv[0] + " does not answer");
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(String.join(" ", List.of(argv)) + " exits with " + process.exitValue());
        } catch (IOException e) {
            return Optional.of("needs " + argv[0] + " (./check installs it): " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted while asking for " + argv[0]);
        }
    }

    private static Optional<String> overlay() {
        if (PRIVATE_ROOT.whyMissing().isPresent()) {
            return PRIVATE_ROOT.whyMissing();
        }
        return command(
                "sh",
                "-ec",
                "d=$(mktemp -d); mkdir $d/l $d/u $d/w $d/m;"
                        + " mount -t overlay overlay -o lowerdir=$d/l,upperdir=$d/u,workdir=$d/w $d/m;"
                        + " umount $d/m; rm -rf $d");
    }
}
