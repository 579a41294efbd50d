package io.jenkins.plugins.obuilder.host;

import java.nio.file.Path;
import java.util.Optional;

/**
 * One line of {@code /proc/self/mountinfo}, see proc(5).
 *
 * @param id the mount's number
 * @param device of the file system: the major number in the upper half, the minor one in the lower
 * @param root which directory of the file system is mounted (a byte string)
 * @param path where (a byte string)
 * @param type the kind of file system
 * @param source what is mounted (a byte string)
 * @param superOptions the options of the file system (a byte string)
 */
public record MountPoint(
        int id, long device, String root, String path, String type, String source, String superOptions) {

    /** Empty for a line of another form. */
    static Optional<MountPoint> parse(String line) {
        String[] parts = line.split(" ");
        int dash = 6;
        while (dash < parts.length && !parts[dash].equals("-")) {
            dash++;
        }
        if (dash + 3 >= parts.length) {
            return Optional.empty();
        }
        return Optional.of(new MountPoint(
                Integer.parseInt(parts[0]),
                device(parts[2]),
                unescaped(parts[3]),
                unescaped(parts[4]),
                unescaped(parts[dash + 1]),
                unescaped(parts[dash + 2]),
                unescaped(parts[dash + 3])));
    }

    private static long device(String majorMinor) {
        int colon = majorMinor.indexOf(':');
        return Long.parseLong(majorMinor.substring(0, colon)) << 32 | Long.parseLong(majorMinor.substring(colon + 1));
    }

    /** Whether it is mounted at this directory or below it. */
    public boolean isWithin(String directory) {
        return path.equals(directory) || path.startsWith(directory.endsWith("/") ? directory : directory + "/");
    }

    /** Whether it is mounted at this directory or below it. */
    public boolean isWithin(Path directory) {
        return isWithin(Mounts.name(directory));
    }

    /** Blanks, tabs, newlines and backslashes stand there as octal numbers. */
    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\'
                    && i + 3 < text.length()
                    && text.substring(i + 1, i + 4).matches("[0-3][0-7]{2}")) {
                result.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                result.append(text.charAt(i));
            }
        }
        return result.toString();
    }
}
