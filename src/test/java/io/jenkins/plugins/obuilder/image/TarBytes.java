package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes tar archives that no honest tool writes. All names are byte strings. */
final class TarBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A header that can be bent before it is written. */
    static final class Header {
        private final byte[] block = new byte[512];

        private final long size;

        Header(char type, String name, long size) {
            this.size = size;
            text(0, 100, name);
            octal(100, 8, 0644);
            octal(108, 8, 0);
            octal(116, 8, 0);
            octal(124, 12, size);
            octal(136, 12, 1_500_000_000);
            block[156] = (byte) type;
            text(257, 8, "ustar\00000");
        }

        Header text(int at, int length, String value) {
            byte[] bytes = Bytes.toBytes(value);
            Arrays.fill(block, at, at + length, (byte) 0);
            System.arraycopy(bytes, 0, block, at, Math.min(length, bytes.length));
            return this;
        }

        Header octal(int at, int length, long value) {
            return text(at, length, String.format("%0" + (length - 1) + "o", value));
        }

        Header link(String target) {
            return text(157, 100, target);
        }

        Header mode(int mode) {
            return octal(100, 8, mode);
        }

        long size() {
            return size;
        }

        byte[] bytes() {
            Arrays.fill(block, 148, 156, (byte) ' ');
            int sum = 0;
            for (byte b : block) {
                sum += b & 0xff;
            }
            text(148, 8, String.format("%06o\0 ", sum));
            return block.clone();
        }
    }

    TarBytes header(Header header) {
        out.writeBytes(header.bytes());
        return this;
    }

    /** Bytes as they are, filled up to a whole block. */
    TarBytes data(String byteString) {
        byte[] bytes = Bytes.toBytes(byteString);
        out.writeBytes(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512));
        return this;
    }

    TarBytes file(String name, String contents) {
        return header(new Header('0', name, contents.length())).data(contents);
    }

    TarBytes directory(String name) {
        return header(new Header('5', name, 0).mode(0755));
    }

    TarBytes symlink(String name, String target) {
        return header(new Header('2', name, 0).link(target).mode(0777));
    }

    TarBytes hardLink(String name, String target) {
        return header(new Header('1', name, 0).link(target));
    }

    /** A local pax header for the next member. */
    TarBytes pax(String... keysAndValues) {
        return pax('x', keysAndValues);
    }

    TarBytes pax(char type, String... keysAndValues) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            records.append(record(keysAndValues[i], keysAndValues[i + 1]));
        }
        return rawPax(type, records.toString());
    }

    TarBytes rawPax(char type, String records) {
        return header(new Header(type, "PaxHeaders/x", records.length())).data(records);
    }

    private static String record(String key, String value) {
        int rest = key.length() + value.length() + 3;
        int length = rest + 1;
        while (String.valueOf(length).length() + rest != length) {
            length++;
        }
        return length + " " + key + "=" + value + "\n";
    }

    /** A name too long for a header, GNU's way. */
    TarBytes longName(char type, String name) {
        return header(new Header(type, "././@LongLink", name.length() + 1)).data(name + "\0");
    }

    /** The archive with its end. */
    byte[] bytes() {
        byte[] open = open();
        return Arrays.copyOf(open, open.length + 1024);
    }

    /** The archive without its end. */
    byte[] open() {
        return out.toByteArray();
    }
}
