package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.PlaceException;
import io.jenkins.plugins.obuilder.host.Places;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes what a {@code copy} found below a root file system. The destination's own path is resolved as it would be inside; below it no
 * link is followed. Files become 0755 or 0644 by their executable bits, new directories 0755; what is new belongs to the target's owner
 * and keeps its time; directories that are there keep their owner and mode.
 */
final class CopyWriter implements Closeable {
    private static final int EXECUTABLE = 0755;
    private static final int PLAIN = 0644;
    /** How many files are handed over at once. */
    private static final int BATCH = 32;

    private final List<Manifest> manifests;
    private final CopyOrigin origin;
    private final Places places;
    private final Sandbox.CopyTarget target;
    private final Cancellation cancellation;
    private final CopyPool pool = new CopyPool();
    private List<Copy> batch = new ArrayList<>();

    CopyWriter(
            List<Manifest> manifests, CopyOrigin origin, Dir to, Sandbox.CopyTarget target, Cancellation cancellation) {
        this.manifests = List.copyOf(manifests);
        this.origin = origin;
        this.places = new Places(to);
        this.target = target;
        this.cancellation = cancellation;
    }

    /** @param intoDirectory whether the sources go into the target under their own names, rather than the one becoming it */
    void write(boolean intoDirectory) throws IOException {
        List<String> path = Places.split(target.path());
        if (intoDirectory || path.isEmpty()) {
            for (Manifest item : manifests) {
                if (item instanceof Manifest.Dir dir && (dir.path().isEmpty() || !intoDirectory)) {
                    contents(dir, place(path));
                } else {
                    item(item, place(path), CopyOrigin.name(item));
                }
            }
        } else {
            Manifest item = manifests.get(0);
            if (item instanceof Manifest.Dir dir) {
                contents(dir, place(path));
            } else {
                item(item, place(path.subList(0, path.size() - 1)), path.get(path.size() - 1));
            }
        }
        submit();
        pool.finish();
    }

    private Dir place(List<String> path) throws IOException {
        try {
            return places.find(
                            path,
                            Optional.of(
                                    (parent, name, key) -> make(parent, name).close()))
                    .orElseThrow()
                    .directory();
        } catch (PlaceException e) {
            throw new IOException("cannot copy to " + quoted("/" + target.path()) + ": " + e.getMessage(), e);
        }
    }

    private Dir make(Dir parent, String name) throws IOException {
        Dir made = parent.makeDir(name, EXECUTABLE);
        made.chown(target.uid(), target.gid());
        return made;
    }

    /** Opens the parent of a source anew: it must still be a directory. */
    private CopyOrigin.Directory open(String path) throws IOException {
        CopyOrigin.Directory at = origin.open();
        for (String part : Places.split(path)) {
            CopyOrigin.Directory next;
            try (CopyOrigin.Directory closing = at) {
                next = closing.open(part);
            }
            at = next;
        }
        return at;
    }

    private void item(Manifest item, Dir to, String name) throws IOException {
        int slash = item.path().lastIndexOf('/');
        try (CopyOrigin.Directory parent = open(slash < 0 ? "" : item.path().substring(0, slash))) {
            entry(item, parent, to, name);
        }
    }

    private void contents(Manifest.Dir dir, Dir to) throws IOException {
        try (CopyOrigin.Directory source = open(dir.path())) {
            children(dir, source, to);
        }
    }

    private void children(Manifest.Dir dir, CopyOrigin.Directory source, Dir to) throws IOException {
        for (Manifest child : dir.children()) {
            entry(child, source, to, CopyOrigin.name(child));
        }
    }

    private void entry(Manifest item, CopyOrigin.Directory source, Dir to, String name) throws IOException {
        if (cancellation.isCancelled()) {
            throw new Sandbox.CancelledException(cancellation.reason().orElseThrow());
        }
        if (item instanceof Manifest.Dir dir) {
            directory(dir, source, to, name, to.stat(name));
        } else if (item instanceof Manifest.Symlink link) {
            if (to.stat(name).isPresent()) {
                makeRoom(item, to, name);
            }
            symlink(link, source, to, name);
        } else if (item instanceof Manifest.File file) {
            file(file, source, to, name);
        }
    }

    private void makeRoom(Manifest item, Dir to, String name) throws IOException {
        if (to.stat(name).filter(FileStat::isDirectory).isPresent()) {
            throw new IOException("cannot copy " + quoted(item.path()) + ": there is a directory at "
                    + quoted("/" + target.path()) + " of that name; end dst with / to copy into a directory");
        }
        to.unlink(name);
    }

    private void directory(Manifest.Dir dir, CopyOrigin.Directory source, Dir to, String name, Optional<FileStat> there)
            throws IOException {
        if (there.isPresent() && !there.get().isDirectory()) {
            throw new IOException("cannot copy the directory " + quoted(dir.path()) + ": at its place in the image is "
                    + there.get().kind().description() + ", " + quoted(name)
                    + "; remove that first, or choose another dst");
        }
        try (CopyOrigin.Directory inner = source.open(CopyOrigin.name(dir));
                Dir outer = there.isPresent() ? to.openDir(name) : make(to, name)) {
            children(dir, inner, outer);
            if (there.isEmpty()) {
                outer.setTime(inner.time());
            }
        }
    }

    private void symlink(Manifest.Symlink link, CopyOrigin.Directory source, Dir to, String name) throws IOException {
        FileStat.FileTime time = source.time(link);
        to.symlink(name, link.target());
        to.chown(name, target.uid(), target.gid());
        to.setTime(name, time);
    }

    private void file(Manifest.File file, CopyOrigin.Directory source, Dir to, String name) throws IOException {
        CopyOrigin.File in = source.open(file);
        try {
            batch.add(new Copy(file, in, in.isInDraft() ? put(file, in, to, name) : create(file, to, name)));
            in = null;
        } finally {
            if (in != null) {
                in.close();
            }
        }
        if (batch.size() == BATCH) {
            submit();
        }
    }

    private OpenFile create(Manifest.File file, Dir to, String name) throws IOException {
        // Seldom is there something: that is not asked before it shows.
        Optional<OpenFile> out = to.createFileUnlessThere(name, 0600);
        if (out.isPresent()) {
            return out.get();
        }
        makeRoom(file, to, name);
        return to.createFile(name, 0600);
    }

    /** Renamed over another file, ext4 would begin to write it to the disk at once. */
    private OpenFile put(Manifest.File file, CopyOrigin.File in, Dir to, String name) throws IOException {
        if (to.stat(name).isPresent()) {
            makeRoom(file, to, name);
        }
        in.put(to, name);
        return to.openFileToWrite(name);
    }

    /** A file that is open, and its copy that was made. */
    private record Copy(Manifest.File file, CopyOrigin.File in, OpenFile out) implements Closeable {
        @Override
        public void close() throws IOException {
            try (in) {
                out.close();
            }
        }
    }

    private void submit() throws IOException {
        List<Copy> copies = batch;
        batch = new ArrayList<>();
        boolean submitted = false;
        try {
            pool.submit(() -> copyAll(copies));
            submitted = true;
        } finally {
            if (!submitted) {
                closeAll(copies);
            }
        }
    }

    private void copyAll(List<Copy> copies) throws IOException {
        int done = 0;
        try {
            for (Copy copy : copies) {
                done++;
                copy(copy);
            }
        } finally {
            closeAll(copies.subList(done, copies.size()));
        }
    }

    private static void closeAll(List<Copy> copies) throws IOException {
        for (Copy copy : copies) {
            copy.close();
        }
    }

    private void copy(Copy copy) throws IOException {
        try (copy) {
            FileStat.FileTime time = copy.in().writeTo(copy.out());
            copy.out().chown(target.uid(), target.gid());
            copy.out().chmod(copy.file().executable() ? EXECUTABLE : PLAIN);
            copy.out().setTime(time);
        }
    }

    private static String quoted(String byteString) {
        return "\"" + Bytes.toText(byteString) + "\"";
    }

    @Override
    public void close() throws IOException {
        closeAll(batch);
        pool.close();
        places.close();
    }
}
