package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.store.Relocation;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Moves it there, for one step on this host at a time, and leaves a link in the home. */
record SwappedPrefix(Commands commands, MacSettings settings, Optional<Relocation> relocation) implements MacPrefix {
    @Override
    public void beforeHome(Path rootfs, Undo undo, Cancellation cancellation) throws IOException {
        HostLock lock = Lease.take(settings.prefixLock(), "Homebrew's prefix", cancellation);
        undo.add(lock);
        Path local = rootfs.resolve(LOCAL);
        Optional<Closeable> moved =
                relocation.isPresent() ? relocation.get().move(local, settings.prefix()) : Optional.empty();
        undo.add(moved.isPresent() ? moved.get() : new PrefixPlace(commands, settings).occupy(local));
        try (Dir dir = Dir.open(rootfs)) {
            FileStat stat = dir.stat(LOCAL).orElseThrow();
            dir.removeDir(LOCAL);
            undo.add(() -> unlink(rootfs, stat));
            dir.symlink(LOCAL, Bytes.ofText(settings.prefix().toRealPath().toString()));
            dir.chown(LOCAL, stat.uid(), stat.gid());
        }
    }

    /** A directory takes the link's place again, whatever the step has made of it. */
    private static void unlink(Path rootfs, FileStat stat) throws IOException {
        try (Dir dir = Dir.open(rootfs)) {
            dir.removeTree(LOCAL);
            try (Dir local = dir.makeDir(LOCAL, stat.mode())) {
                local.chown(stat.uid(), stat.gid());
            }
        }
    }
}
