package io.jenkins.plugins.obuilder.spec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 digest of byte strings that come piece by piece. */
final class IdDigest implements MachineForm.Sink {
    private final MessageDigest digest;
    private final StringBuilder pending = new StringBuilder();

    IdDigest() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public void write(String byteString) {
        pending.append(byteString);
        if (pending.length() > 8192) {
            flush();
        }
    }

    private void flush() {
        digest.update(pending.toString().getBytes(ISO_8859_1));
        pending.setLength(0);
    }

    SnapshotId finish() {
        flush();
        return new SnapshotId(HexFormat.of().formatHex(digest.digest()));
    }
}
