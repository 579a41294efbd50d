package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;

/** Which results are being made: {@code state/drafts/NAME}, a file with the id. Written before there is a dataset, removed after all is settled. */
final class ZfsNotes {
    private final Path directory;

    ZfsNotes(Path root) throws IOException {
        directory = Files.createDirectories(root.resolve("state/drafts"));
    }

    void add(String name, SnapshotId id) throws IOException {
        Path complete = Files.createTempFile(directory, ".new", null);
        Files.writeString(complete, id.hex());
        Files.move(complete, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void remove(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    /** The ids, by the drafts' names. */
    Map<String, SnapshotId> all() throws IOException {
        Map<String, SnapshotId> notes = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "[!.]*")) {
            for (Path file : files) {
                try {
                    notes.put(file.getFileName().toString(), new SnapshotId(Files.readString(file)));
                } catch (NoSuchFileException e) {
                    continue; // it was settled meanwhile
                }
            }
        }
        return notes;
    }
}
