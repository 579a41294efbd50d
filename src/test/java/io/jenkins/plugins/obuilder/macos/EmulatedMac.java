package io.jenkins.plugins.obuilder.macos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * An emulated Mac that runs ({@code src/test/sh/emulated-mac}): commands are run in it as on a Mac whose administrator sits in the
 * project's directory. Closing it turns it off: whatever runs in it ends. Its files stay, so that it can be started again.
 */
final class EmulatedMac implements AutoCloseable {
    private static final long LIMIT_SECONDS = 180;

    private final Path root;
    private final Process process;
    private final long init;

    private EmulatedMac(Path root, Process process, long init) {
        this.root = root;
        this.process = process;
        this.init = init;
    }

    /** @param root for its files; empty, or those of one that was turned off */
    static EmulatedMac start(Path root) throws IOException {
        Path script = Path.of("src/test/sh/emulated-mac").toAbsolutePath();
        Process process = new ProcessBuilder(script.toString(), root.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("ready")) {
                long init = process.children().findFirst().orElseThrow().pid();
                return new EmulatedMac(root, process, init);
            }
            said.append(line).append('\n');
        }
        throw new IOException("the emulated Mac did not start: " + said);
    }

    /**
     * What a command said.
     *
     * @param out its standard output
     */
    record Result(int status, String out, String err) {
        Result mustSucceed() {
            if (status != 0) {
                throw new AssertionError("exit status " + status + "\n" + out + err);
            }
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }
    }

    /** A file of it, as seen from outside. */
    Path file(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /** Runs a script of bash to its end, as root in the project's directory. */
    Result sh(String script) throws IOException {
        return start(script, Map.of()).join();
    }

    /** Runs a script that must succeed. Returns its output. */
    String must(String script) throws IOException {
        return sh(script).mustSucceed().out();
    }

    /** Starts a script. */
    Running start(String script, Map<String, String> variables) throws IOException {
        Map<String, String> env = new TreeMap<>(Map.of(
                "PATH", "/stand-ins:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME", "/var/root",
                "USER", "root",
                "JAVA_HOME", "/Library/Java/Home",
                "LANG", "C.UTF-8"));
        env.putAll(variables);
        // --default-signal: a shell that starts the tests in the background lets them ignore INT, and with them what
        // they start.
        List<String> argv = new ArrayList<>(
                List.of("nsenter", "-t", Long.toString(init), "-m", "-p", "-i", "--", "env", "-i", "--default-signal"));
        env.forEach((name, value) -> argv.add(name + "=" + value));
        argv.addAll(List.of("/bin/bash", "-c", "cd /obuilder || exit 9\n" + script));
        Path out = Files.createTempFile("mac-", ".out");
        Path err = Files.createTempFile("mac-", ".err");
        Process started = new ProcessBuilder(argv)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new Running(started, out, err);
    }

    /** A script that runs. */
    record Running(Process process, Path outFile, Path errFile) {
        Result join() throws IOException {
            try {
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError("it does not end; so far: " + out() + err());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            return new Result(process.exitValue(), out(), err());
        }

        String out() throws IOException {
            return Files.readString(outFile, UTF_8);
        }

        String err() throws IOException {
            return Files.readString(errFile, UTF_8);
        }

        /** Waits until it has printed this. */
        void awaitOutput(String text) throws IOException {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(LIMIT_SECONDS))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> {
                        if (!process.isAlive() && !out().contains(text)) {
                            throw new AssertionError("it ended before it printed " + text + ":\n" + out() + err());
                        }
                        return out().contains(text);
                    });
        }

        /** Sends a signal to the engine that the script runs. */
        void signalEngine(String name) throws IOException {
            ProcessHandle engine = process.descendants()
                    .filter(handle -> handle.info().command().orElse("").endsWith("/java"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no engine runs"));
            new ProcessBuilder("kill", "-" + name, Long.toString(engine.pid())).start();
        }
    }

    /** Removes its files; it must be off. */
    static void remove(Path root) throws IOException {
        Tools.run(Path.of("/"), "rm", "-rf", "--one-file-system", root.toString());
    }

    /** Turns it off. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
