package io.jenkins.plugins.obuilder.boundary;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration that a new installation begins with. */
public final class ConfTemplate {
    private ConfTemplate() {}

    /** Makes it, unless there is one. Returns whether it was made. */
    public static boolean makeIfMissing(Path file, List<String> stores, String sandbox) throws IOException {
        if (Files.exists(file)) {
            return false;
        }
        try (InputStream template = ConfTemplate.class.getResourceAsStream("agent.conf")) {
            if (template == null) {
                throw new IOException("agent.conf is missing in this jar; fetch it again");
            }
            String lines =
                    stores.stream().map(store -> "store = " + store + "\n").collect(Collectors.joining());
            String text = new String(template.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("@STORES@\n", lines)
                    .replace("@SANDBOX@", sandbox);
            Installation.directory(file.getParent(), "rwxr-xr-x");
            Installation.replace(file, text.getBytes(StandardCharsets.UTF_8), "rw-r--r--");
            return true;
        }
    }

    /** Removes it, and its directory if nothing else is there. */
    public static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        try {
            Files.deleteIfExists(file.getParent());
        } catch (DirectoryNotEmptyException e) {
            // Somebody else keeps something there.
            return;
        }
    }
}
