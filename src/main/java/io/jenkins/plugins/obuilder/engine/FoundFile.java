package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.KeptContents;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** A file that a {@code copy} found: the walk knows its name; one other thread finds out the rest. */
final class FoundFile {
    private final String path;
    private final String name;
    private FileStat stat;
    private long hashedAt;
    private String sha256;
    private Optional<KeptContents.Contents> contents = Optional.empty();
    private Optional<String> copy = Optional.empty();

    /** @param path below the root, ending in the name */
    FoundFile(String path, String name) {
        this.path = path;
        this.name = name;
    }

    String path() {
        return path;
    }

    /** Hashes it, and keeps what is in it if that is little, or copies it; or nothing, where the digest is remembered. */
    void examine(Dir parent, CopyDigests digests, Sha256 sha, KeptContents kept, EarlyCopies early) throws IOException {
        if (digests.knows(path)) {
            Optional<FileStat> now = parent.stat(name);
            Optional<String> remembered = now.flatMap(there -> digests.recall(path, there));
            if (remembered.isPresent()) {
                stat = now.get();
                sha256 = remembered.get();
                hashedAt = Long.MAX_VALUE; // it was long ago then, and still is
                return;
            }
        }
        Instant now = Instant.now();
        hashedAt = now.getEpochSecond() * FileAge.NANOS_IN_SECOND + now.getNano();
        try (OpenFile file = parent.openFile(name)) {
            stat = file.statWhenOpened().orElseThrow();
            if (stat.size() <= KeptContents.LARGEST) {
                contents = file.keep(kept, (int) stat.size());
            }
            if (contents.isPresent()) {
                sha256 = sha.of(contents.get());
            } else {
                EarlyCopies.Hashed hashed = early.hash(file, stat.size(), sha);
                sha256 = hashed.sha256();
                copy = hashed.copy();
            }
        }
        digests.remember(path, stat, sha256, hashedAt);
    }

    /** As it goes into an id. */
    Manifest.File manifest() {
        return new Manifest.File(path, sha256, stat.isExecutable());
    }

    /** What was in it; empty when that was not kept. */
    Optional<KeptContents.Contents> contents() {
        return contents;
    }

    /** The name of a copy that was made while it was hashed. */
    Optional<String> copy() {
        return copy;
    }

    /**
     * Whether it cannot have changed since it was hashed: it looks the same, and was not so young that a later change could have got the
     * same time stamp (git calls that racy).
     */
    boolean isStill(FileStat now) {
        return stat.isUnchanged(now) && FileAge.isSettled(stat, hashedAt);
    }
}
