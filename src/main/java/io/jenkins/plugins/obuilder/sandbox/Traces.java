package io.jenkins.plugins.obuilder.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A file that is there as long as there may be something to clear up after an account, and tells what: a line {@code KEY VALUE} for each
 * thing, written before that is made. A start after a crash reads it.
 */
record Traces(Path file) {
    boolean exist() {
        return Files.exists(file);
    }

    /** Begins anew. */
    void begin() throws IOException {
        Files.write(file, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** @param value without a newline */
    void add(String key, String value) throws IOException {
        if (value.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("a newline in " + value);
        }
        Files.write(
                file,
                (key + " " + value + "\n").getBytes(UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.DSYNC);
    }

    /** All that was added with this key. A line that a crash cut off tells of nothing that was made. */
    List<String> of(String key) throws IOException {
        List<String> values = new ArrayList<>();
        if (exist()) {
            String text = Files.readString(file);
            for (String line : text.substring(0, text.lastIndexOf('\n') + 1).split("\n")) {
                if (line.startsWith(key + " ")) {
                    values.add(line.substring(key.length() + 1));
                }
            }
        }
        return values;
    }

    /** Nothing is left. */
    void end() throws IOException {
        Files.deleteIfExists(file);
    }
}
