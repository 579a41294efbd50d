package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.image.TarEntry.Segment;
import io.jenkins.plugins.obuilder.image.TarEntry.Type;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads tar archives byte for byte: v7, ustar, GNU (long names, old sparse files, base-256 numbers), star and pax (local and global
 * headers, extended attributes, ACLs, sparse files 0.0, 0.1 and 1.0).
 *
 * <p>Why not commons-compress: it reads pax records as UTF-8 whatever encoding is asked for, so binary attributes (file capabilities,
 * ACLs) and names that are not UTF-8 come out changed, silently, and an image's {@code ping} loses its capability. It is used for the
 * decompression below this ({@link Decompression}), where its long care counts.
 *
 * <p>Whatever the archive says, no more is held in memory than one header, one set of pax records ({@value #MAX_PAX} bytes) and one map of
 * holes. What is wrong with the archive is reported as an {@link ImageException} that names the member.
 */
final class TarReader {
    /** Extended attributes can be 64 KiB each; a header larger than this is a trick. */
    private static final int MAX_PAX = 16 << 20;

    private static final int MAX_NAME = 1 << 20;

    private final InputStream in;
    private PaxRecords global = PaxRecords.NONE;
    private long position;
    private long left;
    private long padding;

    /** @param in the decompressed archive; reads are large, so it needs no buffer of its own */
    TarReader(InputStream in) {
        this.in = in;
    }

    /** The next member; empty at the end of the archive, of which everything has then been read. */
    Optional<TarEntry> next() throws IOException {
        skipData();
        PaxRecords local = PaxRecords.NONE;
        Optional<String> longName = Optional.empty();
        Optional<String> longLink = Optional.empty();
        while (true) {
            byte[] block = new byte[TarHeader.BLOCK];
            long at = position;
            int n = in.readNBytes(block, 0, block.length);
            position += n;
            if (n == 0 || isZero(block)) { // GNU tar, too, takes an end without the two zero blocks as an end
                if (longName.isPresent() || longLink.isPresent() || local != PaxRecords.NONE) {
                    throw cutOff();
                }
                drain();
                return Optional.empty();
            }
            if (n < block.length) {
                throw new ImageException(
                        at == 0
                                ? "it is no tar archive, or was cut off: it has only " + n + " bytes"
                                : "it ends in the middle of a header, at byte " + position + ": it was cut off");
            }
            TarHeader header = headerAt(block, at);
            try {
                switch (header.type()) {
                    case 'x', 'X' -> local = PaxRecords.parse(contents(header, MAX_PAX));
                    case 'g' ->
                        global = PaxRecords.parse(contents(header, MAX_PAX)).after(global);
                    case 'L' -> longName = Optional.of(name(contents(header, MAX_NAME)));
                    case 'K' -> longLink = Optional.of(name(contents(header, MAX_NAME)));
                    case 'V' -> skip(padded(header.size())); // the archive's own title
                    default -> {
                        return Optional.of(entry(header, block, local.after(global), longName, longLink));
                    }
                }
            } catch (ImageException e) {
                throw new ImageException(
                        "entry " + ImageException.quote(longName.orElse(header.name())) + ": " + e.getMessage(), e);
            }
        }
    }

    private static TarHeader headerAt(byte[] block, long at) throws ImageException {
        try {
            return TarHeader.of(block);
        } catch (ImageException e) {
            throw new ImageException(
                    "at byte " + at + ": " + e.getMessage() + "; the archive is damaged, or no tar archive", e);
        }
    }

    private TarEntry entry(
            TarHeader header, byte[] block, PaxRecords pax, Optional<String> longName, Optional<String> longLink)
            throws IOException {
        String name = pax.get("GNU.sparse.name")
                .or(() -> pax.get("path"))
                .or(() -> longName)
                .orElse(header.name());
        String link = pax.get("linkpath").or(() -> longLink).orElse(header.link());
        Type type = type(header.type(), name);
        long stored = notNegative(pax.number("size", header.size()), "size");
        boolean hasData = type == Type.FILE || header.type() == 'D';
        left = hasData ? stored : 0; // the size of a link or directory is not followed by data, as GNU tar and Go hold
        padding = padded(left) - left;
        long size = type == Type.FILE ? stored : 0;
        List<Segment> segments = List.of(new Segment(0, size));
        if (type == Type.FILE && header.type() == 'S') {
            size = notNegative(header.number(483, 12), "size");
            segments = SparseMap.old(block, size, stored, this::block);
        } else if (type == Type.FILE && isSparse(pax)) {
            size = notNegative(pax.number("GNU.sparse.realsize", pax.number("GNU.sparse.size", stored)), "size");
            segments = pax.get("GNU.sparse.major").orElse("0").equals("0")
                    ? SparseMap.ofRecords(pax, size, stored)
                    : SparseMap.beforeData(size, stored, this::dataBlock);
        }
        return new TarEntry(
                type,
                name,
                type == Type.SYMLINK || type == Type.HARD_LINK ? link : "",
                header.mode(),
                owner(pax.number("uid", header.uid()), "uid"),
                owner(pax.number("gid", header.gid()), "gid"),
                pax.mtime(header.mtime()),
                size,
                left,
                segments,
                header.device(),
                TarXattrs.of(pax));
    }

    private static boolean isSparse(PaxRecords pax) {
        return pax.has("GNU.sparse.major") || pax.has("GNU.sparse.size") || pax.has("GNU.sparse.map");
    }

    private static Type type(char flag, String name) throws ImageException {
        return switch (flag) {
            // before ustar, a slash at the end was all that told a directory
            case 0, '0', '7' -> name.endsWith("/") ? Type.DIRECTORY : Type.FILE;
            case 'S' -> Type.FILE;
            case '1' -> Type.HARD_LINK;
            case '2' -> Type.SYMLINK;
            case '3' -> Type.CHARACTER_DEVICE;
            case '4' -> Type.BLOCK_DEVICE;
            case '5', 'D' -> Type.DIRECTORY;
            case '6' -> Type.FIFO;
            case 'M' -> throw new ImageException("it goes on from another volume; join the volumes first");
            default ->
                throw new ImageException("it is of an unknown type (" + (int) flag
                        + "); make the archive with GNU tar, bsdtar or docker");
        };
    }

    private static long notNegative(long value, String what) throws ImageException {
        if (value < 0) {
            throw new ImageException("its " + what + " is negative");
        }
        return value;
    }

    private static long owner(long id, String what) throws ImageException {
        if (id < 0 || id >= 0xffffffffL) { // the last one means "do not change" to chown(2)
            throw new ImageException("its " + what + " " + id + " is out of range");
        }
        return id;
    }

    private static String name(byte[] contents) {
        String name = Bytes.of(contents);
        int end = name.indexOf(0);
        return end < 0 ? name : name.substring(0, end);
    }

    /** Reads the present member's stored bytes; -1 at their end. */
    int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int n = in.read(buffer, offset, (int) Math.min(length, left));
        if (n < 0) {
            throw cutOff();
        }
        position += n;
        left -= n;
        return n;
    }

    /** Where in the decompressed archive the present member's stored bytes begin. */
    long position() {
        return position;
    }

    private byte[] block() throws IOException {
        byte[] block = in.readNBytes(TarHeader.BLOCK);
        position += block.length;
        if (block.length < TarHeader.BLOCK) {
            throw cutOff();
        }
        return block;
    }

    private byte[] dataBlock() throws IOException {
        if (left < TarHeader.BLOCK) {
            throw new ImageException("its map of holes is damaged");
        }
        left -= TarHeader.BLOCK;
        return block();
    }

    private byte[] contents(TarHeader header, int limit) throws IOException {
        long size = header.size();
        if (size < 0 || size > limit) {
            throw new ImageException("its extended header has " + size + " bytes; at most " + limit + " are read");
        }
        byte[] contents = in.readNBytes((int) size);
        position += contents.length;
        if (contents.length < size) {
            throw cutOff();
        }
        skip(padded(size) - size);
        return contents;
    }

    private static long padded(long size) {
        return size + Math.floorMod(-size, TarHeader.BLOCK);
    }

    private void skipData() throws IOException {
        skip(left);
        skip(padding);
        left = 0;
        padding = 0;
    }

    private void skip(long count) throws IOException {
        try {
            in.skipNBytes(count);
        } catch (java.io.EOFException e) {
            throw cutOff();
        }
        position += count;
    }

    /** What follows the end: padding, which a digest over the archive needs to see. */
    private void drain() throws IOException {
        byte[] buffer = new byte[1 << 16];
        int n;
        while ((n = in.read(buffer)) >= 0) {
            position += n;
        }
    }

    private static boolean isZero(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private ImageException cutOff() {
        return new ImageException("the archive ends in its middle, at byte " + position + ": it was cut off");
    }
}
