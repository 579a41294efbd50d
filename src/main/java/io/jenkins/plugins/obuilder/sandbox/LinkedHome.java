package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A home where mounting is refused, as in most containers: its path is a link to the snapshot, and links in it lead to the caches. One
 * step at a time, {@code pwd -P} shows the real path, and the host's network and {@code /tmp} are open to the step.
 */
final class LinkedHome implements HomeView {
    private final UserSettings settings;
    private final String account;
    private final int uid;
    private final List<String> caches = new ArrayList<>();
    private final Path temporary;
    private Optional<Path> secrets = Optional.empty();

    private LinkedHome(UserSettings settings, int uid) {
        this.settings = settings;
        this.uid = uid;
        account = settings.accountName(uid);
        temporary = temporary(settings, account);
    }

    private static Path temporary(UserSettings settings, String account) {
        return settings.runtime().resolve("tmp-" + account);
    }

    private static Path secrets(Path memory, String account) {
        return memory.resolve("obuilder-secrets-" + account);
    }

    /** Where there can be memory. */
    private static List<Path> memories(UserSettings settings) {
        return List.of(settings.runtime(), Path.of("/dev/shm"));
    }

    /** Removes what one that was not closed has left. */
    static void removeLeft(UserSettings settings, int uid) throws IOException {
        String account = settings.accountName(uid);
        for (Path memory : memories(settings)) {
            if (Files.isDirectory(memory)) {
                PrivateFiles.removeTree(secrets(memory, account));
            }
        }
        PrivateFiles.removeTree(temporary(settings, account));
    }

    static LinkedHome open(UserSettings settings, int uid, Path rootfs, Sandbox.Command command) throws IOException {
        LinkedHome view = new LinkedHome(settings, uid);
        boolean open = false;
        try {
            view.link(rootfs, command);
            open = true;
            return view;
        } finally {
            if (!open) {
                view.close();
            }
        }
    }

    private void link(Path rootfs, Sandbox.Command command) throws IOException {
        requireReachable(rootfs);
        new HomePlace(settings).link(rootfs);
        for (Sandbox.CacheDirectory cache : command.caches()) {
            linkCache(cache);
        }
        PrivateFiles.removeTree(temporary);
        PrivateFiles.makeDirectory(temporary, "rwx------");
        TreeOwner.give(temporary, uid);
        if (!command.secrets().isEmpty()) {
            Path directory = secrets(inMemory(), account);
            PrivateFiles.removeTree(directory);
            PrivateFiles.makeDirectory(directory, "rwx--x--x");
            secrets = Optional.of(directory);
            SecretFiles.write(command.secrets(), directory, uid);
        }
    }

    /** The account must get through every directory above. */
    private static void requireReachable(Path directory) throws IOException {
        for (Path above = directory.toRealPath().getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new HostException(
                        "a build's account cannot get to " + directory + " because of the permissions of " + above
                                + ", and mounting it elsewhere is refused here; allow it with chmod o+x " + above
                                + ", or put the store elsewhere");
            }
        }
    }

    private void linkCache(Sandbox.CacheDirectory cache) throws IOException {
        requireReachable(cache.directory());
        String relative = HomePaths.relative(cache.target(), settings.home(), "have a cache at");
        if (relative.isEmpty()) {
            throw new HostException("cannot have a cache at the home itself where mounting is refused");
        }
        HomePaths.openOrMake(settings.home().toRealPath(), relative, uid).close();
        try (Dir parent = HomePaths.openOrMake(settings.home().toRealPath(), parent(relative), uid)) {
            parent.removeDir(name(relative));
            parent.symlink(
                    name(relative), Bytes.ofText(cache.directory().toRealPath().toString()));
        }
        caches.add(relative);
    }

    /** An empty directory takes the link's place again, as a mount would have left it. */
    private void unlinkCache(String relative) throws IOException {
        try (Dir parent = HomePaths.openOrMake(settings.home().toRealPath(), parent(relative), uid)) {
            parent.removeTree(name(relative));
            try (Dir place = parent.makeDir(name(relative), 0755)) {
                place.chown(uid, uid);
            }
        }
    }

    private static String parent(String relative) {
        return relative.substring(0, Math.max(0, relative.lastIndexOf('/')));
    }

    private static String name(String relative) {
        return relative.substring(relative.lastIndexOf('/') + 1);
    }

    /** Secrets are never written to a disk. */
    private Path inMemory() throws IOException {
        for (Path directory : memories(settings)) {
            if (Files.isDirectory(directory)
                    && Files.getFileStore(directory).type().equals("tmpfs")) {
                return directory;
            }
        }
        throw new HostException("there is no file system in memory for the secrets: neither " + settings.runtime()
                + " nor /dev/shm is a tmpfs, and mounting one is refused here");
    }

    @Override
    public Path temporary() {
        return temporary;
    }

    @Override
    public Optional<Path> secrets() {
        return secrets;
    }

    @Override
    public void close() throws IOException {
        if (secrets.isPresent()) {
            PrivateFiles.removeTree(secrets.get());
        }
        for (String cache : caches) {
            unlinkCache(cache);
        }
        PrivateFiles.removeTree(temporary);
    }
}
