package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256: the system's OpenSSL where there is one, macOS' CommonCrypto, Java's own elsewhere. The system's use the processor's instructions
 * for it; Java does so only with the compiler that the engine is started without, and is ten times as slow. Not thread-safe.
 */
public abstract class Sha256 implements Closeable {
    private static final int BYTES = 32;
    private static final int BLOCK = 64 << 10;

    private final Memory result = new Memory(BYTES);

    /** A new one. */
    public static Sha256 open() {
        if (!Kernel.isLinux()) {
            return CommonCrypto.isThere() ? new OfCommonCrypto() : new OfJava();
        }
        return LibCrypto.isThere() ? new OfOpenSsl() : new OfJava();
    }

    /** macOS' own, for tests. */
    static Sha256 ofCommonCrypto() {
        return new OfCommonCrypto();
    }

    /** Java's own, for tests: what is used where there is no OpenSSL. */
    static Sha256 ofJava() {
        return new OfJava();
    }

    /** What is in an array of Java's goes through here; made when first needed. */
    private Memory buffer;

    abstract void update(Pointer data, int size);

    abstract void finish(Memory into);

    /** The digest of these bytes, in hexadecimal. */
    public static String of(byte[] bytes) {
        try (Sha256 sha = open()) {
            sha.update(bytes, 0, bytes.length);
            return sha.hex();
        }
    }

    /** Goes on with these bytes. */
    public final void update(byte[] data, int offset, int length) {
        if (buffer == null) {
            buffer = new Memory(BLOCK);
        }
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, BLOCK);
            buffer.write(0, data, offset + done, n);
            update(buffer, n);
            done += n;
        }
    }

    /** The digest of what was kept of a file, in hexadecimal. */
    public String of(KeptContents.Contents contents) {
        update(contents.memory(), contents.size());
        return hex();
    }

    /** The digest of all since the last call, in hexadecimal. */
    public String hex() {
        finish(result);
        return HexFormat.of().formatHex(result.getByteArray(0, BYTES));
    }

    @Override
    public abstract void close();

    private static final class OfOpenSsl extends Sha256 {
        private static final long NONE = 0;

        private long context = LibCrypto.EVP_MD_CTX_new();

        OfOpenSsl() {
            check(LibCrypto.EVP_DigestInit_ex(context, LibCrypto.EVP_sha256(), NONE));
        }

        /** OpenSSL would take the process down with it. */
        private static long open(long context) {
            if (context == NONE) {
                throw new IllegalStateException("this digest is closed");
            }
            return context;
        }

        private static void check(int success) {
            if (success != 1) {
                throw new IllegalStateException("OpenSSL refuses SHA-256");
            }
        }

        @Override
        void update(Pointer data, int size) {
            check(LibCrypto.EVP_DigestUpdate(open(context), Pointer.nativeValue(data), size));
        }

        @Override
        void finish(Memory into) {
            check(LibCrypto.EVP_DigestFinal_ex(open(context), Pointer.nativeValue(into), NONE));
            check(LibCrypto.EVP_DigestInit_ex(context, NONE, NONE));
        }

        @Override
        public void close() {
            LibCrypto.EVP_MD_CTX_free(context);
            context = NONE;
        }
    }

    private static final class OfCommonCrypto extends Sha256 {
        private final Memory context = new Memory(CommonCrypto.CONTEXT_BYTES);

        OfCommonCrypto() {
            CommonCrypto.CC_SHA256_Init(Pointer.nativeValue(context));
        }

        @Override
        void update(Pointer data, int size) {
            CommonCrypto.CC_SHA256_Update(Pointer.nativeValue(context), Pointer.nativeValue(data), size);
        }

        @Override
        void finish(Memory into) {
            CommonCrypto.CC_SHA256_Final(Pointer.nativeValue(into), Pointer.nativeValue(context));
            CommonCrypto.CC_SHA256_Init(Pointer.nativeValue(context));
        }

        @Override
        public void close() {
            context.close();
        }
    }

    private static final class OfJava extends Sha256 {
        private final MessageDigest digest;

        OfJava() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        @Override
        void update(Pointer data, int size) {
            digest.update(data.getByteBuffer(0, size));
        }

        @Override
        void finish(Memory into) {
            into.write(0, digest.digest(), 0, BYTES);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
