package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * File names of caches: those of the reference's stores for ordinary names, which differ from store to store. Other bytes become {@code
 * %hex}, so that no name leads elsewhere and no two are the same.
 */
enum CacheNames {
    /** As it is. */
    PLAIN("", " !\"#$&'()*+,-.:;<=>?@[\\]^_`{|}~", '%'),
    /** With a prefix and few special characters: btrfs, zfs. */
    PREFIXED("c-", "-._", '%'),
    /** The same, but that datasets may not have a percent sign in their names. */
    DATASETS("c-", "-._", ':');

    /** Names of files are at most 255 bytes; some are left for suffixes. */
    private static final int LONGEST = 200;

    private final String prefix;
    private final String special;
    private final char escape;

    CacheNames(String prefix, String special, char escape) {
        this.prefix = prefix;
        this.special = special;
        this.escape = escape;
    }

    String fileName(String cache) {
        StringBuilder name = new StringBuilder(prefix);
        for (byte b : Bytes.toBytes(cache)) {
            char c = (char) (b & 0xff);
            boolean hidden = c == '.' && name.length() == 0;
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || special.indexOf(c) >= 0) && !hidden;
            name.append(plain ? String.valueOf(c) : String.format("%c%02x", escape, (int) c));
        }
        if (name.isEmpty()) {
            return String.valueOf(escape);
        }
        return name.length() <= LONGEST ? name.toString() : name.substring(0, LONGEST / 2) + escape + digest(cache);
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
