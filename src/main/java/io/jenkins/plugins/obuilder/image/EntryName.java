package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Places;
import java.util.ArrayList;
import java.util.List;

/** Takes the names of archive members apart. All names are byte strings. */
final class EntryName {
    /** Linux takes 4,096 bytes in one system call; archives of deeper trees exist only as attacks. */
    private static final int MAX_LENGTH = 16 << 10;

    private static final int MAX_DEPTH = 512;

    /** What a name may have on every file system that holds root file systems. */
    static final int MAX_PART = 255;

    private EntryName() {}

    /**
     * The parts of a member's name below the root; none for the root itself. A leading slash, {@code .} and empty parts say nothing.
     *
     * @throws ImageException when it climbs, holds a NUL, or is too long or deep
     */
    static List<String> parts(String name) throws ImageException {
        if (name.length() > MAX_LENGTH) {
            throw new ImageException("its name has " + name.length() + " bytes; at most " + MAX_LENGTH + " are taken");
        }
        if (name.indexOf(0) >= 0) {
            throw new ImageException("its name holds a NUL byte, which no file name can");
        }
        List<String> parts = Places.split(name);
        if (parts.contains("..")) {
            throw new ImageException(
                    "its name has a part \"..\", which could lead outside the image; no honest tool writes that");
        }
        if (parts.size() > MAX_DEPTH) {
            throw new ImageException(
                    "it lies " + parts.size() + " directories deep; at most " + MAX_DEPTH + " are made");
        }
        if (parts.stream().anyMatch(part -> part.length() > MAX_PART)) {
            throw new ImageException("a part of its name has more than " + MAX_PART + " bytes");
        }
        return parts;
    }

    /** Where {@code name} leads from a directory inside an archive, as a key to look up, never to open: {@code ..} is followed by text. */
    static String key(List<String> directory, String name) {
        List<String> parts = name.startsWith("/") ? new ArrayList<>() : new ArrayList<>(directory);
        for (String part : Places.split(name)) {
            if (!part.equals("..")) {
                parts.add(part);
            } else if (!parts.isEmpty()) {
                parts.remove(parts.size() - 1);
            }
        }
        return String.join("/", parts);
    }
}
