package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * File names of caches. A name of ordinary letters stands as it is, as in the reference's stores; any other byte as {@code %hex}, so that
 * no name leads elsewhere.
 */
final class CacheNames {
    /** Names of files are at most 255 bytes; some are left for suffixes. */
    private static final int LONGEST = 200;

    private CacheNames() {}

    static String fileName(String cache) {
        StringBuilder name = new StringBuilder();
        for (byte b : Bytes.toBytes(cache)) {
            char c = (char) (b & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '+')
                    || c == '.' && name.length() > 0;
            name.append(plain ? String.valueOf(c) : String.format("%%%02x", (int) c));
        }
        if (name.isEmpty()) {
            return "%";
        }
        return name.length() <= LONGEST ? name.toString() : name.substring(0, LONGEST / 2) + "%" + digest(cache);
    }

    private static String digest(String cache) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256").digest(cache.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
