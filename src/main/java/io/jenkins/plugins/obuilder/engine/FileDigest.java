package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.OpenFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of files, in hexadecimal. */
final class FileDigest {
    private static final ThreadLocal<byte[]> BLOCK = ThreadLocal.withInitial(() -> new byte[OpenFile.BLOCK]);

    private final MessageDigest digest;

    FileDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** From the file's present position to its end. */
    static String of(OpenFile file) throws IOException {
        FileDigest digest = new FileDigest();
        byte[] block = BLOCK.get();
        for (int n = file.read(block, 0, block.length); n >= 0; n = file.read(block, 0, block.length)) {
            digest.digest.update(block, 0, n);
        }
        return digest.hex();
    }

    /** Of all that is copied. */
    static String ofCopy(OpenFile from, OpenFile to) throws IOException {
        FileDigest digest = new FileDigest();
        byte[] block = BLOCK.get();
        for (int n = from.read(block, 0, block.length); n >= 0; n = from.read(block, 0, block.length)) {
            digest.digest.update(block, 0, n);
            to.write(block, 0, n);
        }
        return digest.hex();
    }

    private String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
