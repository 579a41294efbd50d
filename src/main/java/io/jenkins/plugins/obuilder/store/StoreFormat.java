package io.jenkins.plugins.obuilder.store;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;

/**
 * The marker of a store, {@code state/format}: which kind and version it is and who made it. A store of an unknown version is refused,
 * never guessed at; one that OBuilder made has no marker and is recognised by its database.
 *
 * @param madeByReference whether OBuilder filled it first
 */
record StoreFormat(String kind, boolean madeByReference) {
    private static final String VERSION = "1";

    /** Tells why a store of some kind cannot lie in a directory, which exists; empty when it can. */
    @FunctionalInterface
    interface Fitness {
        Optional<String> whyNotIn(Path directory) throws IOException;
    }

    /** Opens the marker of a store, or makes a new store. */
    static StoreFormat openOrMake(Path root, String kind, Fitness fitness) throws IOException {
        Path marker = root.resolve("state/format");
        if (Files.exists(marker)) {
            StoreFormat format = read(marker, kind);
            insistStill(fitness, root, kind);
            return format;
        }
        boolean madeByReference = Files.exists(root.resolve("state/db/db.sqlite"));
        boolean used = madeByReference || (Files.isDirectory(root) && !isFresh(root));
        // Another process may be making this store just now. The marker is the first that it makes: what is without one
        // is not ours.
        if (used && Files.exists(marker)) {
            return read(marker, kind);
        }
        if (used && !madeByReference) {
            throw new StoreException("cannot use " + root
                    + " as a store: it is neither a store nor empty; name another directory, or" + " empty it first");
        }
        boolean made = !Files.isDirectory(root);
        if (made) {
            Files.createDirectories(root);
            // What builds leave in snapshots, set-uid programs among it, is nobody else's to run.
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
        }
        Files.createDirectories(marker.getParent());
        try {
            insistOn(fitness, root, kind);
        } catch (StoreException e) {
            if (made) {
                removeEmpty(marker.getParent(), root);
            }
            throw e;
        }
        StoreFormat format = new StoreFormat(kind, madeByReference);
        format.write(marker);
        return format;
    }

    /** A store can have been copied to another file system; on a full disk it cannot be tried, but it was found fit when it was made. */
    private static void insistStill(Fitness fitness, Path root, String kind) throws IOException {
        try {
            insistOn(fitness, root, kind);
        } catch (IOException e) {
            if (!FullDisk.isCauseOf(e)) {
                throw e;
            }
        }
    }

    private static void insistOn(Fitness fitness, Path root, String kind) throws IOException {
        Path place = Files.createTempDirectory(root.resolve("state"), "probe");
        try {
            Optional<String> why = fitness.whyNotIn(place);
            if (why.isPresent()) {
                throw new UnfitPlaceException(kind, root, why.get());
            }
        } finally {
            Files.delete(place);
        }
    }

    /** Does not matter when somebody else has put something there. */
    private static void removeEmpty(Path... directories) throws IOException {
        try {
            for (Path directory : directories) {
                Files.deleteIfExists(directory);
            }
        } catch (DirectoryNotEmptyException e) {
            return;
        }
    }

    private static boolean isFresh(Path root) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            for (Path entry : entries) {
                // A new file system has lost+found; another process that makes this store begins with its state.
                String name = entry.getFileName().toString();
                if (!name.equals("lost+found") && !name.equals("state")) {
                    return false;
                }
            }
        }
        return true;
    }

    private static StoreFormat read(Path marker, String kind) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(marker)) {
            properties.load(reader);
        }
        String version = properties.getProperty("version", "");
        if (!version.equals(VERSION)) {
            throw new StoreException("cannot use the store of " + marker + ": its version is \"" + version
                    + "\" and this program knows " + VERSION + "; use the program that made it, or a newer one");
        }
        String actual = properties.getProperty("kind", "");
        if (!actual.equals(kind)) {
            Path root = marker.getParent().getParent();
            throw new StoreException("the store in " + root + " is of the kind " + actual + ", not " + kind
                    + ": name it " + actual + ":" + root);
        }
        return new StoreFormat(kind, Boolean.parseBoolean(properties.getProperty("madeByReference")));
    }

    private void write(Path marker) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("version", VERSION);
        properties.setProperty("kind", kind);
        properties.setProperty("madeByReference", Boolean.toString(madeByReference));
        Path complete = Files.createTempFile(marker.getParent(), "format", null);
        try (Writer writer = Files.newBufferedWriter(complete)) {
            properties.store(writer, null);
        }
        Files.setPosixFilePermissions(complete, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(complete, marker, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
    }
}
