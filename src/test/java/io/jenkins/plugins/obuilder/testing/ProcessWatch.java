package io.jenkins.plugins.obuilder.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Looks at the command lines and environments of all processes, again and again until it is closed, for a text that must not be there. */
public final class ProcessWatch implements Closeable {
    private static final Path PROC = Path.of("/proc");

    private final String text;
    private final Set<String> found = new ConcurrentSkipListSet<>();
    private final Thread thread = new Thread(this::watch, "process-watch");
    private volatile boolean closed;
    private volatile int looks;

    private ProcessWatch(String text) {
        this.text = text;
    }

    /** @param text a byte string */
    public static ProcessWatch start(String text) {
        ProcessWatch watch = new ProcessWatch(text);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void watch() {
        try {
            while (!closed) {
                look();
                looks++;
                Thread.sleep(1);
            }
        } catch (IOException | InterruptedException e) {
            found.add("it cannot look: " + e);
        }
    }

    private void look() throws IOException {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                for (String file : new String[] {"cmdline", "environ"}) {
                    if (read(process.resolve(file)).contains(text)) {
                        found.add(file + " of " + read(process.resolve("comm")).strip());
                    }
                }
            }
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    /** How often it has looked at all processes. */
    public int looks() {
        return looks;
    }

    /** Returns when it has looked at all that run now. */
    public void awaitAnotherLook() {
        int before = looks;
        await().until(() -> looks > before + 1);
    }

    /** Where it was, such as {@code environ of sh}. */
    public Set<String> found() {
        return new TreeSet<>(found);
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the last look", e);
        }
    }
}
