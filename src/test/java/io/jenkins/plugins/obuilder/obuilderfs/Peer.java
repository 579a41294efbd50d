package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A user's process that does one system call after another: see {@code src/test/c/peer.c}. */
final class Peer implements Closeable {
    static final String HANG = "it hangs";

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Path PROGRAM = Path.of("target", "peer").toAbsolutePath();

    private final Process process;
    private final BufferedReader answers;

    private Peer(Process process) {
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    static Peer start(int uid, Path directory) throws IOException {
        Path copy = directory.resolve("peer");
        synchronized (Peer.class) {
            if (!Files.exists(copy)) {
                Tools.run(
                        Path.of("").toAbsolutePath(),
                        "cc",
                        "-Wall",
                        "-Werror",
                        "-O1",
                        "-o",
                        PROGRAM.toString(),
                        "src/test/c/peer.c");
                // The checkout may be where other users cannot go.
                Files.copy(PROGRAM, copy);
            }
        }
        String id = Integer.toString(uid);
        return new Peer(
                new ProcessBuilder("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", copy.toString())
                        .directory(Path.of("/").toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    /** Tells it to do something; {@link #HANG} when no answer comes in time: it cannot be asked again then. */
    String ask(String line) throws IOException {
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                answer.complete(answers.readLine());
            } catch (IOException e) {
                answer.completeExceptionally(e);
            }
        });
        reader.setDaemon(true);
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        in.flush();
        reader.start();
        try {
            return answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return HANG;
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroyForcibly();
    }
}
