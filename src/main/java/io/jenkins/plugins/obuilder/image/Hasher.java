package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Sha256;
import java.io.Closeable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Finds the digest of bytes as they come: by the system for SHA-256, which nearly all are. Not thread-safe. */
abstract class Hasher implements Closeable {
    /** @param algorithm as {@link Digest} has it */
    static Hasher of(String algorithm) {
        return algorithm.equals("sha512") ? new OfSha512() : new OfSha256();
    }

    abstract void update(byte[] data, int offset, int length);

    /** The digest of all since the last call. */
    abstract Digest digest();

    @Override
    public abstract void close();

    private static final class OfSha256 extends Hasher {
        private final Sha256 sha = Sha256.open();

        @Override
        void update(byte[] data, int offset, int length) {
            sha.update(data, offset, length);
        }

        @Override
        Digest digest() {
            return new Digest("sha256", sha.hex());
        }

        @Override
        public void close() {
            sha.close();
        }
    }

    private static final class OfSha512 extends Hasher {
        private final MessageDigest digest;

        OfSha512() {
            try {
                digest = MessageDigest.getInstance("SHA-512");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java has SHA-512", e);
            }
        }

        @Override
        void update(byte[] data, int offset, int length) {
            digest.update(data, offset, length);
        }

        @Override
        Digest digest() {
            return new Digest("sha512", HexFormat.of().formatHex(digest.digest()));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
