package io.jenkins.plugins.obuilder.host;

/** What SHA-256 needs of macOS' CommonCrypto, a part of libSystem (CommonDigest.h, cc(3)). Addresses are numbers. */
final class CommonCrypto {
    /** {@code CC_SHA256_CTX} is two counts, eight words of state and a block of 16 words: 104 bytes. */
    static final int CONTEXT_BYTES = 256;

    private static final boolean THERE = load();

    private CommonCrypto() {}

    private static boolean load() {
        try {
            DarwinLibrary.bind(CommonCrypto.class);
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    static boolean isThere() {
        return THERE;
    }

    /** Always returns 1, as the other two. */
    static native int CC_SHA256_Init(long context);

    static native int CC_SHA256_Update(long context, long data, int size);

    static native int CC_SHA256_Final(long result, long context);
}
