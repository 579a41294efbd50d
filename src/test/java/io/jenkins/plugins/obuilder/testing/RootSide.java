package io.jenkins.plugins.obuilder.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The root side, really installed, and a user who may use it through sudo: needs {@link Need#PRIVATE_ROOT} and {@link Need#SUDO}. All of it
 * is in places that a private namespace has of its own. Closing it removes it.
 */
public final class RootSide implements Closeable {
    public static final String USER = "obcaller";
    public static final Path CONF = Path.of("/etc/obuilder/agent.conf");
    public static final Path SUDOERS = Path.of("/etc/sudoers.d/obuilder");

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** The user's. */
    public final Path home = Path.of("/home/" + USER);

    /** Root's, and readable for all: the engine's jar, an image. */
    public final Path base = Path.of("/home/root-side");

    public final Path prefix = base.resolve("prefix");
    public final Path jar = base.resolve("engine.jar");
    public final Path image = base.resolve("busybox.tar");

    /** Where nobody but root can look; it has a secret. */
    public final Path hidden = base.resolve("hidden");

    public static final String SECRET = "known to root alone 83724";

    private RootSide() {}

    /** Makes the user, and installs. */
    public static RootSide install() throws IOException {
        RootSide side = new RootSide();
        side.close();
        side.prepare();
        Ended ended = side.asRoot("install --user " + USER + " --store " + side.store());
        assertThat(ended.status()).as(ended.toString()).isZero();
        return side;
    }

    /** Makes the user and the files, and installs nothing. */
    public static RootSide prepared() throws IOException {
        RootSide side = new RootSide();
        side.close();
        side.prepare();
        return side;
    }

    private void prepare() throws IOException {
        Tools.run(Path.of("/"), "useradd", "--create-home", "--shell", "/bin/sh", USER);
        directory(base, "rwxr-xr-x");
        Files.copy(Path.of("target/obuilder-engine.jar"), jar);
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
        directory(hidden, "rwx------");
        Files.writeString(hidden.resolve("secret"), SECRET + "\n");
        Path tree = BusyboxTree.make(base.resolve("tree"));
        Tools.run(tree, "tar", "-cf", image.toString(), ".");
        Tools.run(tree, "tar", "-cf", hidden.resolve("image.tar").toString(), ".");
        Tools.run(base, "rm", "-rf", tree.toString());
    }

    private static void directory(Path path, String permissions) throws IOException {
        Files.createDirectories(path);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    public String store() {
        return "overlayfs:" + base.resolve("store");
    }

    public Path wrapper() {
        return prefix.resolve("obuilder-agent");
    }

    /** Writes the configuration: the store, and these lines. */
    public void configure(String... lines) throws IOException {
        Files.createDirectories(CONF.getParent());
        Files.writeString(CONF, "store = " + store() + "\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(CONF, PosixFilePermissions.fromString("rw-r--r--"));
    }

    /** A configuration that allows what most builds need. */
    public void configureUsual() throws IOException {
        configure("sandbox = runc", "caller-images = yes", "host-network = yes", "secrets = yes");
    }

    /** How a command ended, and what it said. */
    public record Ended(int status, String out, String err) {
        public String all() {
            return out + err;
        }
    }

    /** Runs {@code obuilder} with these arguments (of a shell), as root, with its prefix. */
    public Ended asRoot(String arguments) throws IOException {
        return start(
                        List.of("sh", "-c", java() + " -jar " + jar + " " + arguments + " --prefix " + prefix),
                        Path.of("/"))
                .end();
    }

    /**
     * Runs a shell script as the user, as the {@code sh} step of a job would. There {@code obuilder} is the engine with the wrapper,
     * {@code $base}, {@code $wrapper} and {@code $image} what they are here; {@code obuilder_itself … &} has its process number in
     * {@code $!}.
     */
    public Ended asUser(String script) throws IOException {
        return startAsUser(script).end();
    }

    /** The same without waiting for its end. */
    public Running startAsUser(String script) throws IOException {
        String prelude = "base=" + base + " wrapper=" + wrapper() + " image=" + image + "\n"
                + "obuilder_itself() { command=$1; shift; exec " + java() + " -jar " + jar
                + " \"$command\" --wrapper=$wrapper \"$@\"; }\n"
                + "obuilder() { (obuilder_itself \"$@\"); }\n";
        return start(List.of("runuser", "-u", USER, "--", "sh", "-c", prelude + script), home);
    }

    /** The command line of the engine's Java. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData";
    }

    private static Running start(List<String> argv, Path directory) throws IOException {
        Path out = Files.createTempFile("root-side-", ".out");
        Path err = Files.createTempFile("root-side-", ".err");
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(directory.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", System.getenv("PATH"), "LC_ALL", "C.UTF-8"));
        return new Running(builder.start(), out, err);
    }

    /** A command that runs. */
    public record Running(Process process, Path out, Path err) implements Closeable {
        /** What it has printed so far. */
        public String said() throws IOException {
            return Files.readString(out, StandardCharsets.ISO_8859_1)
                    + Files.readString(err, StandardCharsets.ISO_8859_1);
        }

        /** Waits until it has printed this. */
        public void awaitOutput(String text) {
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> {
                assertThat(process.isAlive() || said().contains(text))
                        .as(said())
                        .isTrue();
                return said().contains(text);
            });
        }

        public Ended end() throws IOException {
            try {
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("it does not end; so far: " + said());
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new Ended(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.ISO_8859_1),
                    Files.readString(err, StandardCharsets.ISO_8859_1));
        }

        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /** The processes of the root side, by their numbers. */
    public List<Long> rootProcesses() throws IOException {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : all) {
                String line = commandLine(process);
                if (line.contains("serve\0--prefix=" + prefix)) {
                    found.add(Long.valueOf(process.getFileName().toString()));
                }
            }
        }
        return found;
    }

    private static String commandLine(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It has ended meanwhile.
            return "";
        }
    }

    /** The root side has ended, and all that a build needs while it runs is gone. */
    public void assertNothingLeft() throws IOException {
        assertNothingLeftBeside(List.of());
        assertThat(prefix.resolve("tmp")).isEmptyDirectory();
    }

    /** The same while these processes of the root side run on. */
    public void assertNothingLeftBeside(List<Long> processes) throws IOException {
        await().atMost(LIMIT).until(() -> processes.containsAll(rootProcesses()));
        for (String name : List.of("result-tmp", "in-progress", "merged", "work", "state/leases", "state/sandbox")) {
            Path directory = base.resolve("store").resolve(name);
            if (Files.exists(directory)) {
                assertThat(directory).isEmptyDirectory();
            }
        }
        assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(base.resolve("store") + "/");
    }

    /** That text is in no file that the store keeps. */
    public void assertNotInStore(String text) throws IOException {
        if (Files.exists(base.resolve("store"))) {
            Tools.run(base, "sh", "-c", "! grep -r -l -a '" + text + "' " + base.resolve("store"));
        }
    }

    @Override
    public void close() throws IOException {
        Tools.run(
                Path.of("/"),
                "sh",
                "-c",
                "! id " + USER + " > /dev/null 2>&1 || userdel --force --remove " + USER + " 2> /dev/null;" + " rm -rf "
                        + base + " /etc/obuilder " + SUDOERS);
        try (Stream<Path> homes = Files.list(Path.of("/home"))) {
            assertThat(homes).doesNotContain(base);
        }
    }
}
