package io.jenkins.plugins.obuilder.image;

import com.github.luben.zstd.ZstdInputStream;
import io.jenkins.plugins.obuilder.host.PieceInput;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/** Recognises how a stream is compressed by its first bytes: gzip, zstd, xz and bzip2, or not at all. */
final class Decompression {
    private static final int BUFFER = 1 << 16;

    /** What {@code xz -9} needs is 65 MiB. */
    private static final int XZ_MEMORY_KIB = 256 << 10;

    private Decompression() {}

    /**
     * The decompressed stream, members and frames one after the other as one (some tools write a layer as many).
     *
     * @param in closed with the result
     * @param limit how many bytes may come out, so that a small archive cannot keep us reading for ever
     */
    static InputStream open(InputStream in, long limit) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(8);
        byte[] magic = buffered.readNBytes(6);
        buffered.reset();
        return new Guarded(decompressor(buffered, magic), limit);
    }

    private static InputStream decompressor(InputStream in, byte[] magic) throws IOException {
        if (startsWith(magic, 0x1f, 0x8b)) {
            return GzipCompressorInputStream.builder()
                    .setInputStream(in)
                    .setDecompressConcatenated(true)
                    .get();
        }
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return new ZstdInputStream(in);
        }
        if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            return new XZInputStream(in, XZ_MEMORY_KIB);
        }
        if (startsWith(magic, 'B', 'Z', 'h')) {
            return new BZip2CompressorInputStream(in, true);
        }
        return in;
    }

    private static boolean startsWith(byte[] bytes, int... start) {
        if (bytes.length < start.length) {
            return false;
        }
        for (int i = 0; i < start.length; i++) {
            if ((bytes[i] & 0xff) != start[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells what a damaged archive makes the decompressor throw from a fault of the machine. Decompressors have also thrown unchecked
     * exceptions for hostile input.
     */
    private static final class Guarded extends PieceInput {
        private final InputStream in;
        private final long limit;
        private long left;

        Guarded(InputStream in, long limit) {
            this.in = in;
            this.limit = limit;
            left = limit;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            try {
                return counted(in.read(buffer, offset, length));
            } catch (ImageException e) {
                throw e;
            } catch (EOFException e) { // which says nothing more
                throw new ImageException(
                        "the archive ends in its middle, so it was cut off; fetch or make it again", e);
            } catch (IOException | RuntimeException e) {
                throw new ImageException(
                        "cannot be read or decompressed (" + e.getMessage() + "); fetch or make it again", e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            return in instanceof BufferedInputStream
                    ? in.skip(count)
                    : super.skip(count); // a plain file can be skipped unread
        }

        private int counted(int n) throws ImageException {
            left -= Math.max(0, n);
            if (left < 0) {
                throw new ImageException("the archive holds more than " + limit + " bytes, which is the limit");
            }
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
