package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of large files that are made while the files are hashed: only then is the step's id known, and its draft begun, which takes them
 * over. Where the step turns out to be there already they were in vain; where files can share their blocks none are made. Several threads
 * may hash at once; all else is for one.
 */
final class EarlyCopies implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(EarlyCopies.class);

    private final Optional<Store> store;
    private final AtomicLong number = new AtomicLong();
    private Store.Ahead ahead;
    private Dir directory;
    private boolean useless;
    private boolean taken;

    private EarlyCopies(Optional<Store> store) {
        this.store = store;
    }

    /** Makes none. */
    static EarlyCopies none() {
        return new EarlyCopies(Optional.empty());
    }

    /** For drafts of this store. */
    static EarlyCopies in(Store store) {
        return new EarlyCopies(Optional.of(store));
    }

    /** A file's digest, and the name of its copy if there is one. */
    record Hashed(String sha256, Optional<String> copy) {}

    /** Hashes a file that was just opened, with a copy made by the way if that is worthwhile. */
    Hashed hash(OpenFile file, long size, Sha256 sha) throws IOException {
        Optional<Dir> place = size < OpenFile.LARGE ? Optional.empty() : place(size);
        if (place.isEmpty()) {
            return new Hashed(file.hash(sha), Optional.empty());
        }
        String name = Long.toString(number.incrementAndGet());
        OpenFile.HashedCopy made;
        try (OpenFile copy = place.get().createFile(name, 0600)) {
            if (copy.cloneFrom(file)) {
                setUseless();
                made = new OpenFile.HashedCopy(file.hash(sha), false);
            } else {
                made = file.hashAndCopy(copy, sha);
            }
        }
        if (!made.whole()) {
            place.get().unlink(name);
        }
        return new Hashed(made.sha256(), Optional.of(name).filter(there -> made.whole()));
    }

    /** Where to make one. Not if it would leave less room than it takes, for it may be in vain. */
    private synchronized Optional<Dir> place(long size) {
        if (store.isEmpty() || useless) {
            return Optional.empty();
        }
        try {
            if (store.get().space().free() < 2 * size) {
                return Optional.empty();
            }
            if (ahead == null) {
                Optional<Store.Ahead> made = store.get().makeAhead();
                if (made.isEmpty()) {
                    useless = true;
                    return Optional.empty();
                }
                ahead = made.get();
                directory = Dir.open(ahead.directory());
            }
            return Optional.of(directory);
        } catch (IOException e) {
            LOG.debug("no file is copied early", e);
            useless = true;
            return Optional.empty();
        }
    }

    private synchronized void setUseless() {
        useless = true;
    }

    /**
     * Gives them to a draft in which nothing was done yet.
     *
     * @return removes what was not placed there, when closed
     */
    synchronized Closeable handTo(Store.Draft draft) throws IOException {
        if (directory == null || !draft.take(ahead)) {
            return () -> {};
        }
        taken = true;
        Path name = ahead.directory().getFileName();
        directory.close();
        directory = Dir.open(draft.rootfs().resolve(name));
        return () -> removeRest(draft.rootfs(), name);
    }

    private synchronized void removeRest(Path rootfs, Path name) throws IOException {
        // What is open in a draft keeps it from being unmounted.
        directory.close();
        try (Dir root = Dir.open(rootfs)) {
            root.removeTree(Bytes.ofText(name.toString()));
        }
    }

    /** Whether the draft has taken them over; if not, they are to be read. */
    synchronized boolean areInDraft() {
        return taken;
    }

    /** Puts a copy at its place in the draft, where nothing is. */
    synchronized void put(String name, Dir to, String newName) throws HostException {
        directory.rename(name, to, newName);
    }

    synchronized OpenFile open(String name) throws HostException {
        return directory.openFile(name);
    }

    @Override
    public synchronized void close() throws IOException {
        if (directory != null) {
            directory.close();
        }
        if (ahead != null) {
            ahead.close();
        }
    }
}
