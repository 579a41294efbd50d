package io.jenkins.plugins.obuilder.image;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * {@code PATH[:WHICH]}: a path that may hold colons itself, and what to take from it. The longest part that exists is the path.
 *
 * @param which what stands behind the path
 */
record SourcePath(Path path, Optional<String> which) {

    /** @throws ImageException when no part of it exists */
    static SourcePath parse(String reference, String usage) throws ImageException {
        Path whole = path(reference, usage);
        if (Files.exists(whole)) {
            return new SourcePath(whole, Optional.empty());
        }
        for (int colon = reference.lastIndexOf(':'); colon > 0; colon = reference.lastIndexOf(':', colon - 1)) {
            Path path = path(reference.substring(0, colon), usage);
            if (Files.exists(path)) {
                return new SourcePath(path, Optional.of(reference.substring(colon + 1)));
            }
        }
        throw missing(whole, usage);
    }

    /** A reference that is a path and nothing else. */
    static Path existing(String reference, String usage) throws ImageException {
        Path path = path(reference, usage);
        if (!Files.exists(path)) {
            throw missing(path, usage);
        }
        return path;
    }

    private static ImageException missing(Path path, String usage) {
        return new ImageException(
                "there is no " + path.toAbsolutePath() + " (or it may not be seen); give the image as " + usage);
    }

    private static Path path(String text, String usage) throws ImageException {
        if (text.isEmpty()) {
            throw new ImageException("the path is missing; give the image as " + usage);
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ImageException("the path " + text + " is impossible: " + e.getReason(), e);
        }
    }
}
