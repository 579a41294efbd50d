package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Boot;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.DirtyMemory;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Which results may not be on the disk yet: {@code state/unsynced/ID}, a link that says when the system was started. Waiting for the disk
 * at each step would cost more than many a step, so nobody does; but after a power cut, where of a new file often only the name is left,
 * a result with such a mark from before is not used.
 *
 * <p>File systems bring the mark, which is made first and is nothing but a name, to the disk no later than the result's name.
 */
final class UnsyncedResults {
    /** More than this would keep whoever closes a store waiting for long. */
    private static final long MOST_DIRTY_BYTES = 64 << 20;

    private final Path root;
    private final Path marks;
    private final Owner owner;
    private final String boot;

    /** @param root the store's */
    UnsyncedResults(Path root, Owner owner) throws IOException {
        this.root = root;
        marks = Files.createDirectories(root.resolve("state/unsynced"));
        this.owner = owner;
        boot = Boot.id().orElse("");
    }

    /** To be called before the result is moved to its place. */
    void mark(SnapshotId id) throws IOException {
        if (boot.isEmpty()) {
            syncFileSystem(); // nobody could tell later whether the system was started again since
            return;
        }
        Path mark = marks.resolve(id.hex());
        Files.deleteIfExists(mark);
        Files.createSymbolicLink(mark, Path.of(boot));
    }

    /** Brings results to the disk, of this process and of others, unless so much else has to be written that it would take long. */
    void syncIfCheap() throws IOException {
        if (DirtyMemory.bytes() < MOST_DIRTY_BYTES) {
            sync();
        }
    }

    /** Brings all finished results to the disk. */
    void sync() throws IOException {
        List<Path> finished = new ArrayList<>();
        for (Path mark : all()) {
            // Under another name from now on: the result may be deleted and made again meanwhile.
            Path own = marks.resolve(id(mark).hex() + "." + owner.newName());
            if (Files.exists(root.resolve("result").resolve(id(mark).hex())) && rename(mark, own)) {
                finished.add(own);
            }
        }
        if (!finished.isEmpty()) {
            syncFileSystem();
        }
        for (Path mark : finished) {
            Files.deleteIfExists(mark);
        }
    }

    private static boolean rename(Path mark, Path own) throws IOException {
        try {
            Files.move(mark, own, StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException e) {
            return false; // somebody else has brought it to the disk
        }
    }

    private void syncFileSystem() throws IOException {
        try (Dir directory = Dir.open(root)) {
            directory.syncFileSystem();
        }
    }

    /** Marks of what was made before the system was started. */
    List<Path> ofLastBoot() throws IOException {
        List<Path> old = new ArrayList<>();
        for (Path mark : all()) {
            try {
                if (!Files.readSymbolicLink(mark).toString().equals(boot)) {
                    old.add(mark);
                }
            } catch (NoSuchFileException e) {
                continue; // it is on the disk now
            }
        }
        return old;
    }

    /** All results that have a mark. */
    List<SnapshotId> results() throws IOException {
        return all().stream().map(UnsyncedResults::id).distinct().toList();
    }

    private List<Path> all() throws IOException {
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(marks)) {
            entries.forEach(all::add);
        }
        return all;
    }

    /** Which result a mark is of. */
    static SnapshotId id(Path mark) {
        String name = mark.getFileName().toString();
        int dot = name.indexOf('.');
        return new SnapshotId(dot < 0 ? name : name.substring(0, dot));
    }
}
