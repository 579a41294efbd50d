package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.image.TarEntry.Segment;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a sparse file's stored bytes belong, in the four ways GNU tar has written it: in the header itself ("old"), in pax records (0.0
 * and 0.1), or before the data (1.0).
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Sparse-Formats.html">GNU tar manual, storing sparse files</a>
 */
final class SparseMap {
    /** A map larger than this is a trick, not a file. */
    private static final int MAX_SEGMENTS = 1_000_000;

    private final List<Segment> segments = new ArrayList<>();

    private SparseMap() {}

    /** Hands out the archive's next 512 bytes. */
    @FunctionalInterface
    interface Blocks {
        byte[] next() throws IOException;
    }

    /** Type {@code S}: four pieces in the header, 21 in each further block. */
    static List<Segment> old(byte[] header, long size, long stored, Blocks blocks) throws IOException {
        SparseMap map = new SparseMap();
        map.pieces(header, 386, 4);
        boolean more = header[482] != 0;
        while (more) {
            byte[] block = blocks.next();
            map.pieces(block, 0, 21);
            more = block[504] != 0;
        }
        return map.checked(size, stored);
    }

    private void pieces(byte[] block, int from, int count) throws ImageException {
        for (int at = from; at < from + count * 24 && block[at] != 0; at += 24) {
            add(TarHeader.number(block, at, 12), TarHeader.number(block, at + 12, 12));
        }
    }

    /** Format 0.1 ({@code GNU.sparse.map}) or 0.0 (repeated {@code offset} and {@code numbytes}). */
    static List<Segment> ofRecords(PaxRecords pax, long size, long stored) throws ImageException {
        SparseMap map = new SparseMap();
        if (pax.has("GNU.sparse.map")) {
            String[] numbers = pax.get("GNU.sparse.map").orElseThrow().split(",", -1);
            for (int i = 0; i + 1 < numbers.length; i += 2) {
                map.add(number(numbers[i]), number(numbers[i + 1]));
            }
            return map.checked(size, stored);
        }
        long offset = 0;
        for (PaxRecords.Pair pair : pax.pairs()) {
            if (pair.key().equals("GNU.sparse.offset")) {
                offset = number(Bytes.of(pair.value()));
            } else if (pair.key().equals("GNU.sparse.numbytes")) {
                map.add(offset, number(Bytes.of(pair.value())));
            }
        }
        return map.checked(size, stored);
    }

    /**
     * Format 1.0: lines of decimal numbers, in whole blocks before the data.
     *
     * @param stored bytes that the archive holds, the map's own blocks among them
     */
    static List<Segment> beforeData(long size, long stored, Blocks blocks) throws IOException {
        SparseMap map = new SparseMap();
        Lines lines = new Lines(blocks);
        long count = lines.next();
        if (count > MAX_SEGMENTS) {
            throw tooMany();
        }
        for (long i = 0; i < count; i++) {
            long offset = lines.next();
            map.add(offset, lines.next());
        }
        return map.checked(size, stored - lines.read);
    }

    private static final class Lines {
        private final Blocks blocks;
        private byte[] block = new byte[0];
        private int at;
        private long read;

        Lines(Blocks blocks) {
            this.blocks = blocks;
        }

        long next() throws IOException {
            StringBuilder line = new StringBuilder();
            while (true) {
                if (at == block.length) {
                    block = blocks.next();
                    read += block.length;
                    at = 0;
                }
                byte b = block[at++];
                if (b == '\n') {
                    return number(line.toString());
                }
                if (line.length() == 20) {
                    throw damaged();
                }
                line.append((char) (b & 0xff));
            }
        }
    }

    private void add(long offset, long length) throws ImageException {
        if (segments.size() == MAX_SEGMENTS) {
            throw tooMany();
        }
        segments.add(new Segment(offset, length));
    }

    private static long number(String text) throws ImageException {
        return PaxRecords.number(text, "map of holes");
    }

    /** What must hold for any map: in order, within the file, and just as long as what the archive holds. */
    private List<Segment> checked(long size, long stored) throws ImageException {
        long end = 0;
        long sum = 0;
        for (Segment segment : segments) {
            if (segment.offset() < end || segment.length() < 0 || segment.length() > size - segment.offset()) {
                throw damaged();
            }
            end = segment.offset() + segment.length();
            sum += segment.length();
        }
        if (sum != stored) {
            throw new ImageException("its map of holes tells of " + sum + " bytes, the archive holds " + stored);
        }
        return List.copyOf(segments);
    }

    private static ImageException damaged() {
        return new ImageException("its map of holes is damaged");
    }

    private static ImageException tooMany() {
        return new ImageException("its map of holes has more than " + MAX_SEGMENTS + " pieces");
    }
}
