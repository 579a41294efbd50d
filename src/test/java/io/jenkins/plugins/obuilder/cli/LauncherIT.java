package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code ./obuilder}, in a checkout with awkward names and an awkward environment. */
class LauncherIT {
    @TempDir
    static Path directory;

    private static Checkout checkout;
    private static Checkout.Ended first;

    /** The first start builds the engine: with a space in the path, in the C locale, without a home, with a strict umask. */
    @BeforeAll
    static void buildOnce() throws Exception {
        checkout = Checkout.copyTo(directory.resolve("a path with späces"));
        first = new Checkout.Call(
                        "/bin/sh",
                        "-c",
                        "umask 077; exec \"$0\" --version",
                        checkout.top().resolve("obuilder"))
                .with("LC_ALL", "C")
                .without("HOME")
                .run();
    }

    @Test
    void theFirstStartBuildsTheEngineQuietly() {
        assertThat(first.err()).isEmpty();
        assertThat(first.out()).startsWith("obuilder 0.1");
        assertThat(first.status()).isZero();
    }

    @Test
    void theSameSourcesGiveTheSameJar() throws Exception {
        assertThat(checkout.top().resolve("target/obuilder-engine.jar"))
                .hasSameBinaryContentAs(Path.of("target/obuilder-engine.jar"));
    }

    @Test
    void itIsFoundThroughLinksAndTakesPathsFromWhereItIsCalled() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("else where"));
        Files.createSymbolicLink(elsewhere.resolve("absolute"), checkout.top().resolve("obuilder"));
        Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("absolute"));
        Files.writeString(elsewhere.resolve("my spéc"), "((from busybox) (run (shell true)))");

        Checkout.Ended ended = new Checkout.Call(elsewhere.resolve("relative"), "dockerfile", "-f", "my spéc")
                .in(elsewhere)
                .with("LC_ALL", "C")
                .run();

        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).startsWith("FROM busybox\n");
    }

    @Test
    void aChangedSourceIsBuiltAnewAndAFailureIsShown() throws Exception {
        Path source = checkout.top().resolve("src/main/java/io/jenkins/plugins/obuilder/cli/Version.java");
        String text = Files.readString(source);
        try {
            Files.writeString(source, "this is no Java");
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

            Checkout.Ended ended = checkout.obuilder("--version").run();

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err()).contains("Version.java").contains("could not be built");
        } finally {
            Files.writeString(source, text);
            Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
        }
        assertThat(checkout.obuilder("--version").run().status()).isZero();
    }

    @Test
    void withoutANetworkItSaysWhatItWantedThere() throws Exception {
        Path script = Files.copy(checkout.top().resolve("mvnw"), directory.resolve("mvnw"));
        Path run = checkout.top().resolve("target/run");
        Path hidden = Files.move(run, directory.resolve("hidden"));
        try {
            Files.writeString(
                    checkout.top().resolve("mvnw"),
                    "#!/bin/sh\necho 'wget: Failed to fetch https://repo.maven.apache.org/maven2/x.tar.gz' >&2\nexit 1\n");

            Checkout.Ended ended = checkout.obuilder("--version").run();

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("Failed to fetch")
                    .contains("could not be reached")
                    .contains("settings.xml");
        } finally {
            Files.copy(script, checkout.top().resolve("mvnw"), StandardCopyOption.REPLACE_EXISTING);
            ProcessDirectory.deleteTree(run);
            Files.move(hidden, run);
        }
    }

    @Test
    void withoutJavaItSaysWhatToInstall() throws Exception {
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : new String[] {"sh", "dirname", "readlink", "sed", "find", "head", "env"}) {
            Path program = Path.of("/usr/bin", tool);
            Files.createSymbolicLink(tools.resolve(tool), Files.exists(program) ? program : Path.of("/bin", tool));
        }
        String script = Files.readString(checkout.top().resolve("obuilder")).replace("/usr/lib/jvm", "/nowhere");
        Path copy = checkout.top().resolve("obuilder-without-java");
        Files.writeString(copy, script);

        Checkout.Ended ended = new Checkout.Call("/bin/sh", copy, "--version")
                .with("PATH", tools.toString())
                .without("JAVA_HOME")
                .run();

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("no Java 17 or newer").contains("apt-get install");
    }
}
