package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.PieceInput;
import java.io.IOException;
import java.io.InputStream;

/**
 * A checksum as images write it, {@code sha256:HEX}.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests">OCI image specification, digests</a>
 */
record Digest(String algorithm, String hex) {

    /** Reads one; nothing else gets through, so both parts may be used as file names. */
    static Digest parse(String text) throws ImageException {
        if (text.matches("sha256:[0-9a-f]{64}") || text.matches("sha512:[0-9a-f]{128}")) {
            return new Digest(text.substring(0, 6), text.substring(7));
        }
        throw new ImageException("the digest " + ImageException.quote(text) + " is neither sha256 nor sha512");
    }

    static Digest sha256(byte[] data) {
        return of("sha256", data);
    }

    /** The checksum of data in this one's algorithm. */
    Digest of(byte[] data) {
        return of(algorithm, data);
    }

    private static Digest of(String algorithm, byte[] data) {
        try (Hasher hasher = Hasher.of(algorithm)) {
            hasher.update(data, 0, data.length);
            return hasher.digest();
        }
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    /** Passes a stream through and, when it was read to its end, compares. */
    static final class Verified extends PieceInput {
        private final InputStream in;
        private final Digest expected;
        private final String what;
        private final Hasher hasher;

        /** @param what for the message, such as {@code layer 2 of oci:/x} */
        Verified(InputStream in, Digest expected, String what) {
            this.in = in;
            this.expected = expected;
            this.what = what;
            hasher = Hasher.of(expected.algorithm());
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                hasher.update(buffer, offset, n);
            }
            return n;
        }

        /** Reads what is left and compares. */
        void verify() throws IOException {
            byte[] buffer = new byte[1 << 16];
            while (read(buffer, 0, buffer.length) >= 0) {
                continue;
            }
            Digest actual = hasher.digest();
            if (!actual.equals(expected)) {
                throw new ImageException(what + " is damaged: its digest is " + actual + ", it should be " + expected
                        + "; fetch or make the image again");
            }
        }

        @Override
        public void close() throws IOException {
            hasher.close();
            in.close();
        }
    }
}
