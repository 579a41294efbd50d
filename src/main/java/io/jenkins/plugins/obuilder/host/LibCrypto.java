package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.List;

/** What SHA-256 needs of OpenSSL's libcrypto (evp.h). Addresses are numbers: that is what JNA passes on fastest. */
final class LibCrypto {
    private static final List<String> NAMES = List.of("libcrypto.so.3", "libcrypto.so.1.1");
    private static final boolean THERE = load();

    private LibCrypto() {}

    private static boolean load() {
        for (String name : NAMES) {
            try {
                Native.register(LibCrypto.class, NativeLibrary.getInstance(name));
                return true;
            } catch (UnsatisfiedLinkError e) {
                continue; // another version may be there, or none
            }
        }
        return false;
    }

    static boolean isThere() {
        return THERE;
    }

    static native long EVP_MD_CTX_new();

    static native void EVP_MD_CTX_free(long context);

    static native long EVP_sha256();

    static native int EVP_DigestInit_ex(long context, long type, long engine);

    static native int EVP_DigestUpdate(long context, long data, long size);

    static native int EVP_DigestFinal_ex(long context, long result, long size);
}
