package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * File names of caches. They are those of the reference's stores, which differ from store to store, wherever that has a name that leads
 * to one place only: no name leads elsewhere here, and no two are the same.
 */
enum CacheNames {
    /** As it is. What cannot be a file's name is escaped after a percent sign, and so is what begins with one. */
    PLAIN {
        @Override
        String escaped(String cache) {
            return isFileName(cache) ? Bytes.toText(cache) : "%" + escape(cache, true, '%');
        }
    },
    /** With a prefix and few special characters: btrfs. */
    PREFIXED {
        @Override
        String escaped(String cache) {
            return "c-" + escape(cache, true, '%');
        }
    },
    /** The same for datasets, which may not have a percent sign in their names. */
    DATASETS {
        @Override
        String escaped(String cache) {
            return "c-" + escape(cache, true, ':');
        }
    },
    /** The same where capital letters may be taken for small ones, as most file systems of Macs do. */
    CASELESS {
        @Override
        String escaped(String cache) {
            return "c-" + escape(cache, false, '%');
        }
    };

    /** Names of files are at most 255 bytes; some are left for suffixes. */
    private static final int LONGEST = 200;

    /** What needs no escape besides letters and digits. */
    private static final String SPECIAL = "-._";

    /** In text. */
    String fileName(String cache) {
        String name = escaped(cache);
        if (Bytes.ofText(name).length() <= LONGEST) {
            return name;
        }
        // So many such signs stand in no other name.
        return this == DATASETS ? "c-::" + digest(cache) : "%%%" + digest(cache);
    }

    abstract String escaped(String cache);

    private static boolean isFileName(String cache) {
        return !cache.isEmpty()
                && !cache.equals(".")
                && !cache.equals("..")
                && cache.indexOf('/') < 0
                && cache.indexOf('\0') < 0
                && cache.charAt(0) != '%'
                && Bytes.ofText(Bytes.toText(cache)).equals(cache);
    }

    /** The reference writes small bytes with one digit, which is as good as two unless another digit follows. */
    private static String escape(String cache, boolean capitals, char sign) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < cache.length(); i++) {
            char c = cache.charAt(i);
            boolean plain = c >= 'a' && c <= 'z'
                    || c >= '0' && c <= '9'
                    || capitals && c >= 'A' && c <= 'Z'
                    || SPECIAL.indexOf(c) >= 0;
            if (plain) {
                name.append(c);
            } else {
                boolean ambiguous = i + 1 < cache.length() && HexFormat.isHexDigit(cache.charAt(i + 1));
                name.append(sign).append(String.format(ambiguous ? "%02x" : "%x", (int) c));
            }
        }
        return name.toString();
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
