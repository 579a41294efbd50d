package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Arrays;

/**
 * The 512 bytes before a member: fields at fixed places, of the v7, ustar, GNU and star dialects.
 *
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">GNU tar manual, basic tar format</a>
 */
final class TarHeader {
    static final int BLOCK = 512;

    private final byte[] block;
    private final Dialect dialect;

    private enum Dialect {
        V7,
        USTAR,
        STAR,
        GNU
    }

    private TarHeader(byte[] block) {
        this.block = block;
        dialect = dialect();
    }

    /**
     * Reads a header block.
     *
     * @throws ImageException when its checksum is wrong
     */
    static TarHeader of(byte[] block) throws ImageException {
        TarHeader header = new TarHeader(block);
        long stored = header.number(148, 8);
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        if (stored != unsigned && stored != signed) { // old tars added signed bytes up
            throw new ImageException("this is no tar header (its checksum is wrong)");
        }
        return header;
    }

    private Dialect dialect() {
        String magic = Bytes.of(Arrays.copyOfRange(block, 257, 265));
        if (magic.equals("ustar  \0")) {
            return Dialect.GNU;
        }
        if (!magic.startsWith("ustar\0")) {
            return Dialect.V7;
        }
        return Bytes.of(Arrays.copyOfRange(block, 508, 512)).equals("tar\0") ? Dialect.STAR : Dialect.USTAR;
    }

    char type() {
        return (char) (block[156] & 0xff);
    }

    String name() {
        String name = text(0, 100);
        String prefix = switch (dialect) {
            case USTAR -> text(345, 155);
            case STAR -> text(345, 131);
            case V7, GNU -> "";
        };
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    String link() {
        return text(157, 100);
    }

    int mode() throws ImageException {
        return (int) (number(100, 8) & 07777);
    }

    long uid() throws ImageException {
        return number(108, 8);
    }

    long gid() throws ImageException {
        return number(116, 8);
    }

    long size() throws ImageException {
        return number(124, 12);
    }

    long mtime() throws ImageException {
        return number(136, 12);
    }

    TarEntry.Device device() throws ImageException {
        if (dialect == Dialect.V7) {
            return new TarEntry.Device(0, 0);
        }
        return new TarEntry.Device(deviceNumber(329), deviceNumber(337));
    }

    private int deviceNumber(int at) throws ImageException {
        long number = number(at, 8);
        if (number < 0 || number > 0xfffff) {
            throw new ImageException("its device number " + number + " is out of range");
        }
        return (int) number;
    }

    /** A name: bytes up to the first NUL. */
    private String text(int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return Bytes.of(Arrays.copyOfRange(block, at, end));
    }

    /** A number: octal digits between blanks, or, for large and negative ones, GNU's two's complement with the first bit set. */
    long number(int at, int length) throws ImageException {
        return number(block, at, length);
    }

    static long number(byte[] block, int at, int length) throws ImageException {
        if ((block[at] & 0x80) != 0) {
            return base256(block, at, length);
        }
        int from = at;
        int to = at + length;
        while (from < to && (block[from] == ' ' || block[from] == 0)) {
            from++;
        }
        long value = 0;
        for (; from < to && block[from] != ' ' && block[from] != 0; from++) {
            int digit = block[from] - '0';
            if (digit < 0 || digit > 7) {
                throw new ImageException("a number in its header is damaged");
            }
            value = value << 3 | digit; // at most 12 digits: 36 bits
        }
        return value;
    }

    private static long base256(byte[] block, int at, int length) throws ImageException {
        boolean negative = (block[at] & 0x40) != 0;
        long value = negative ? block[at] : block[at] & 0x3f;
        for (int i = at + 1; i < at + length; i++) {
            if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
                throw new ImageException("a number in its header is too large");
            }
            value = value << 8 | block[i] & 0xff;
        }
        return value;
    }
}
