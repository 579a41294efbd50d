package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Two digests of a tree: one of what is in it (names, contents, modes, owners, links, extended attributes; no times, so that a fresh copy
 * has the same), one of what the file system says of it (sizes, inodes, times of change), which is quick to find and differs whenever
 * the first could.
 */
final class TreeFingerprint implements Closeable {
    private final Sha256 digest = Sha256.open();
    private final Map<String, String> firstOfInode = new HashMap<>();

    private TreeFingerprint() {}

    /** The digest of what is in it. All of it must be readable. */
    static Digest contents(Path directory) throws IOException {
        try (TreeFingerprint fingerprint = new TreeFingerprint();
                Dir root = Dir.open(directory)) {
            TreeWalk.walk(root, fingerprint::contents);
            return fingerprint.result();
        }
    }

    /** What changes when anything in it does. */
    static DigestMemory.State state(Path directory) throws IOException {
        Instant[] newest = {Instant.MIN};
        try (TreeFingerprint fingerprint = new TreeFingerprint();
                Dir root = Dir.open(directory)) {
            TreeWalk.walk(root, (parent, name, path, stat, elsewhere) -> {
                Instant changed = Instant.ofEpochSecond(
                        stat.ctime().seconds(), stat.ctime().nanos());
                newest[0] = changed.isAfter(newest[0]) ? changed : newest[0];
                fingerprint.text(path);
                fingerprint.bytes(stat.toBytes());
            });
            return new DigestMemory.State("tree " + fingerprint.result(), newest[0]);
        }
    }

    private Digest result() {
        return new Digest("sha256", digest.hex());
    }

    private void contents(Dir parent, String name, String path, FileStat stat, boolean elsewhere) throws IOException {
        text(path);
        text(stat.kind().name());
        text(Integer.toString(stat.mode(), 8) + " " + stat.uid() + " " + stat.gid());
        if (!stat.isDirectory() && stat.links() > 1) {
            Optional<String> first =
                    Optional.ofNullable(firstOfInode.putIfAbsent(stat.fileSystem() + " " + stat.inode(), path));
            text(first.orElse(""));
            if (first.isPresent()) {
                return;
            }
        }
        switch (stat.kind()) {
            case FILE -> file(parent, name, stat);
            case SYMLINK -> text(parent.readLink(name));
            case CHARACTER_DEVICE, BLOCK_DEVICE -> text(stat.deviceMajor() + ":" + stat.deviceMinor());
            default -> {
                // nothing more is in it
            }
        }
        for (Map.Entry<String, byte[]> xattr : parent.xattrs(name).all().entrySet()) {
            text(xattr.getKey());
            bytes(xattr.getValue());
        }
    }

    private void file(Dir parent, String name, FileStat stat) throws IOException {
        number(stat.size());
        try (OpenFile file = parent.openFile(name)) {
            long size = file.addTo(digest);
            if (size != stat.size()) {
                throw TreeWalk.changed(parent, name);
            }
        }
    }

    private void text(String byteString) {
        bytes(Bytes.toBytes(byteString));
    }

    /** With its length before it, so that no two trees run together into the same bytes. */
    private void bytes(byte[] value) {
        number(value.length);
        digest.update(value, 0, value.length);
    }

    private void number(long value) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(value).array(), 0, Long.BYTES);
    }

    @Override
    public void close() {
        digest.close();
    }
}
