package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.Pause;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The place in the host's own tree where steps mount or link their home: empty while nobody needs it, then gone. All that is done to
 * it is done under a lock of its own.
 */
final class HomePlace {
    private static final int PATIENCE_MILLIS = 20_000;

    private final UserSettings settings;

    HomePlace(UserSettings settings) {
        this.settings = settings;
    }

    /** Makes it an empty directory to mount on. The caller holds the lock of its account. */
    void makeDirectory() throws IOException {
        locked(() -> {
            if (Files.isSymbolicLink(settings.home())) {
                removeIfOurs();
            }
            Files.createDirectories(settings.home());
            Files.setPosixFilePermissions(settings.home(), PosixFilePermissions.fromString("rwxr-xr-x"));
            if (hasFiles()) {
                throw somebodys(null);
            }
        });
    }

    /** Makes it a link to the snapshot. The caller is the only one who runs a step. */
    void link(Path rootfs) throws IOException {
        locked(() -> {
            removeIfOurs();
            Files.createDirectories(settings.home().getParent());
            Files.createSymbolicLink(settings.home(), rootfs.toRealPath());
        });
    }

    /** Removes it unless another step, of whatever engine on this host, has an account and so may need it. */
    void removeUnlessNeeded() throws IOException {
        locked(() -> {
            List<HostLock> free = new ArrayList<>();
            try {
                if (allFree(free) && !hasFiles()) {
                    removeIfOurs();
                }
            } finally {
                for (HostLock lock : free) {
                    lock.close();
                }
            }
        });
    }

    private boolean hasFiles() throws IOException {
        if (!Files.isDirectory(settings.home(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (DirectoryStream<Path> contents = Files.newDirectoryStream(settings.home())) {
            return contents.iterator().hasNext();
        }
    }

    private boolean allFree(List<HostLock> taken) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(settings.accountLocks(), "*.lock")) {
            for (Path file : locks) {
                Optional<HostLock> lock = HostLock.tryLock(file);
                if (lock.isEmpty()) {
                    return false;
                }
                taken.add(lock.get());
            }
        }
        return true;
    }

    /** A link can only be ours, an empty directory is nobody's; anything else is somebody's real home. */
    private void removeIfOurs() throws IOException {
        if (!Files.isSymbolicLink(settings.home()) && !Files.isDirectory(settings.home(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            Files.delete(settings.home());
        } catch (DirectoryNotEmptyException e) {
            throw somebodys(e);
        }
    }

    private HostException somebodys(Exception cause) {
        return new HostException(
                settings.home() + " has files in it, so it is somebody's; give the user sandbox another home", cause);
    }

    private interface Action {
        void run() throws IOException;
    }

    private void locked(Action action) throws IOException {
        HostLock lock = lock();
        try {
            action.run();
        } finally {
            lock.close();
        }
    }

    private HostLock lock() throws IOException {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (true) {
            Optional<HostLock> lock = HostLock.tryLock(settings.runtime().resolve("home.lock"));
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() > deadline) {
                throw new HostException("another engine keeps the lock of " + settings.home());
            }
            Pause.millis(5, "waiting for the lock of " + settings.home());
        }
    }
}
