package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small text that one run leaves to the next. Only a help: where it cannot be read or written, all goes on without. Several processes may
 * use one file; they see it whole.
 *
 * @param file where it is; whoever can write there decides what is remembered
 */
public record RememberedText(Path file) {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedText.class);

    /** What was written last; empty when nothing was, or it cannot be read. */
    public Optional<String> read() {
        try {
            return Optional.of(Files.readString(file, UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.debug("{} is not used", file, e);
            return Optional.empty();
        }
    }

    /** Replaces it. */
    public void write(String text) {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = Files.createTempFile(file.getParent(), "new", "");
            try {
                Files.writeString(temporary, text, UTF_8);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            LOG.debug("{} is not written", file, e);
        }
    }
}
