package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A home made of mounts that the step alone can see. Must be opened and closed in a private namespace. {@code /tmp}, {@code /var/tmp}
 * and {@code /dev/shm} are the step's own, and the store is out of sight.
 */
final class MountedHome implements HomeView {
    private static final Path TMP = Path.of("/tmp");
    private static final Path VAR_TMP = Path.of("/var/tmp");

    /** What a step could leave behind there would run later, as whoever has its number then. */
    private static final List<Path> SPOOLS = List.of(Path.of("/var/spool/cron"), Path.of("/var/spool/at"));

    private final UserSettings settings;
    private final int uid;
    private final Deque<Path> mounted = new ArrayDeque<>();
    private Optional<Path> secrets = Optional.empty();

    private MountedHome(UserSettings settings, int uid) {
        this.settings = settings;
        this.uid = uid;
    }

    /**
     * Mounts it all.
     *
     * @param scratch an empty directory for the step's temporary files
     * @param hidden a directory that the step has no business in
     */
    static MountedHome open(
            UserSettings settings, int uid, Path rootfs, Sandbox.Command command, Path scratch, Path hidden)
            throws IOException {
        MountedHome view = new MountedHome(settings, uid);
        boolean open = false;
        try {
            view.mountHome(rootfs, command.caches());
            letGoOf(hidden, scratch);
            view.mountTemporaries(scratch);
            view.mountSecrets(command.secrets());
            view.tmpfs(hidden, "mode=0700");
            open = true;
            return view;
        } finally {
            if (!open) {
                view.close();
            }
        }
    }

    private void mountHome(Path rootfs, List<Sandbox.CacheDirectory> caches) throws IOException {
        LinuxMounts.bindUntrusted(rootfs, settings.home());
        mounted.push(settings.home());
        List<Sandbox.CacheDirectory> outerFirst = caches.stream()
                .sorted(Comparator.comparingInt(cache -> cache.target().length()))
                .toList();
        for (Sandbox.CacheDirectory cache : outerFirst) {
            String relative = HomePaths.relative(cache.target(), settings.home(), "have a cache at");
            HomePaths.openOrMake(settings.home(), relative, uid).close();
            LinuxMounts.bindUntrusted(
                    cache.directory(), Bytes.ofText(settings.home().toString()) + "/" + relative);
        }
    }

    /** Other steps' snapshots are mounted there: as long as they were in this namespace, too, their store could not really unmount them. */
    private static void letGoOf(Path hidden, Path needed) throws IOException {
        for (MountPoint mount : Mounts.within(hidden)) {
            Path where = Path.of(Bytes.toText(mount.path()));
            if (!needed.startsWith(where)) {
                Mounts.unmount(where);
            }
        }
    }

    private void mountTemporaries(Path scratch) throws IOException {
        try (Dir dir = Dir.open(scratch)) {
            dir.makeDir("tmp", 01777).close();
            dir.makeDir("var-tmp", 01777).close();
        }
        // Where the scratch directory itself lies comes last.
        if (scratch.startsWith(VAR_TMP)) {
            bind(scratch.resolve("tmp"), TMP);
            bind(scratch.resolve("var-tmp"), VAR_TMP);
        } else {
            bind(scratch.resolve("var-tmp"), VAR_TMP);
            bind(scratch.resolve("tmp"), TMP);
        }
        tmpfs(Path.of("/dev/shm"), "mode=1777");
        for (Path spool : SPOOLS) {
            tmpfs(spool, "mode=0700");
        }
    }

    private void mountSecrets(List<Sandbox.Secret> values) throws IOException {
        if (!values.isEmpty()) {
            Path directory = settings.runtime().resolve("secrets");
            Files.createDirectories(directory);
            tmpfs(directory, "mode=0711");
            SecretFiles.write(values, directory, uid);
            secrets = Optional.of(directory);
        }
    }

    private void bind(Path source, Path target) throws IOException {
        if (Files.isDirectory(target)) {
            LinuxMounts.bindUntrusted(source, target);
            mounted.push(target);
        }
    }

    private void tmpfs(Path directory, String options) throws IOException {
        if (Files.isDirectory(directory)) {
            LinuxMounts.tmpfs(directory, options);
            mounted.push(directory);
        }
    }

    @Override
    public Path temporary() {
        return TMP;
    }

    @Override
    public Optional<Path> secrets() {
        return secrets;
    }

    /** No more than was mounted here: a mount of the host's below, such as that of its {@code /tmp}, is busy, and would be waited for. */
    @Override
    public void close() throws IOException {
        while (!mounted.isEmpty()) {
            Path last = mounted.pop();
            if (last.equals(settings.home())) {
                Mounts.unmountAll(last); // and the caches in it
            } else {
                Mounts.unmount(last);
            }
        }
    }
}
