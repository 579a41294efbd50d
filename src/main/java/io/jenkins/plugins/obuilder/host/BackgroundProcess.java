package io.jenkins.plugins.obuilder.host;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that goes on when this one ends. */
public final class BackgroundProcess {
    /** What it prints, on a line of its own, when it is ready; nothing may be printed after that. */
    public static final String READY = "ready";

    private static final int TOLD = 2000;

    private BackgroundProcess() {}

    /**
     * Starts one and waits until it is ready.
     *
     * @param doing for messages: what it is needed for
     * @param log a file that gets its errors; what was in it goes
     * @throws HostException when it ended before, or took longer than {@code limit}: it is dead then
     */
    public static void start(String doing, List<String> argv, Path log, Duration limit) throws HostException {
        long start = System.nanoTime();
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(argv)
                    .directory(new File("/"))
                    .redirectInput(new File("/dev/null"))
                    .redirectError(log.toFile());
            builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
            builder.environment().put("LC_ALL", "C.UTF-8");
            process = UsualSignals.start(builder);
        } catch (IOException e) {
            throw new HostException("cannot " + doing + ": cannot start " + argv.get(0) + ": " + e.getMessage(), e);
        }
        CompletableFuture<Optional<String>> line = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(process, line), "waiting for " + argv.get(0));
        reader.setDaemon(true);
        reader.start();
        boolean ready = false;
        try {
            ready = line.get(limit.toMillis(), TimeUnit.MILLISECONDS)
                    .filter(READY::equals)
                    .isPresent();
            if (!ready) {
                throw new HostException("cannot " + doing + ": " + told(log));
            }
        } catch (TimeoutException e) {
            throw new HostException(
                    "cannot " + doing + ": it was not ready after " + limit.toSeconds() + " s: " + told(log), e);
        } catch (ExecutionException e) {
            throw new HostException("cannot " + doing + ": " + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("cannot " + doing + ": interrupted", e);
        } finally {
            CommandLog.add(
                    HostCommand.of(doing, argv.toArray(new String[0])),
                    ready ? "goes on in the background" : "was not ready",
                    (System.nanoTime() - start) / 1_000_000);
            if (!ready) {
                process.destroyForcibly();
            }
        }
    }

    private static void read(Process process, CompletableFuture<Optional<String>> line) {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            line.complete(Optional.ofNullable(out.readLine()));
        } catch (IOException e) {
            line.completeExceptionally(e);
        }
    }

    private static String told(Path log) {
        try {
            String text = Files.readString(log, StandardCharsets.ISO_8859_1).strip();
            return text.isEmpty() ? "it ended and said nothing" : text.substring(Math.max(0, text.length() - TOLD));
        } catch (IOException e) {
            return "what it said cannot be read: " + e.getMessage();
        }
    }
}
