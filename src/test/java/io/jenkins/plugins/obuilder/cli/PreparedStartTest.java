package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./obuilder} makes at its first start so that later ones are faster: it is used, and never in the way. */
class PreparedStartTest {
    @TempDir
    Path directory;

    private Checkout checkout;
    private Path run;

    /** No more than the launcher needs when the engine was built. */
    @BeforeEach
    void checkout() throws IOException {
        checkout = copy(directory.resolve("checkout"));
        run = checkout.top().resolve("target/run");
    }

    private static Checkout copy(Path top) throws IOException {
        Path here = Checkout.here().top();
        Files.createDirectories(top.resolve("target/run"));
        Files.copy(here.resolve("obuilder"), top.resolve("obuilder"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.copy(here.resolve("target/obuilder-engine.jar"), top.resolve("target/run/obuilder.jar"));
        return new Checkout(top);
    }

    private static void assertStarts(Checkout.Call call) throws Exception {
        Checkout.Ended ended = call.run();
        assertThat(ended.err()).isEmpty();
        assertThat(ended.out()).startsWith("obuilder 0.1").hasLineCount(1);
        assertThat(ended.status()).isZero();
    }

    /** A start that fails when the archive cannot be used. */
    private Checkout.Call insisting() {
        return checkout.obuilder("--version").with("JDK_JAVA_OPTIONS", "-Xshare:on");
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.walk(run)) {
            return files.filter(file -> file.endsWith("classes.jsa")).toList();
        }
    }

    @Test
    void theFirstStartPreparesTheOthers() throws Exception {
        assertStarts(checkout.obuilder("--version"));
        assertThat(archives()).hasSize(1);
        try (Stream<Path> files = Files.list(archives().get(0).getParent())) {
            assertThat(files).hasSize(1);
        }

        Checkout.Ended ended = insisting().run();
        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
    }

    @Test
    void anArchiveThatIsDamagedOrOfAnotherJarIsNotUsed() throws Exception {
        assertStarts(checkout.obuilder("--version"));
        Path archive = archives().get(0);
        byte[] whole = Files.readAllBytes(archive);
        for (int length : new int[] {0, 100, whole.length / 2}) {
            Files.delete(archive);
            Files.write(archive, Arrays.copyOf(whole, length));
            assertThat(insisting().run().status()).isNotZero();
            assertStarts(checkout.obuilder("--version"));
        }
        Files.write(archive, whole);
        Path jar = run.resolve("obuilder.jar");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(insisting().run().status()).isNotZero();
        assertStarts(checkout.obuilder("--version"));
    }

    @Test
    void anotherJavaAndANewEngineMakeTheirOwn() throws Exception {
        assertStarts(checkout.obuilder("--version"));
        Path home = Files.createDirectories(directory.resolve("jdk"));
        Files.createDirectory(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"17.0.99\"\n");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nexec " + java + " \"$@\"\n");
        Tools.run(home, "chmod", "755", "bin/java");
        assertStarts(checkout.obuilder("--version").with("JAVA_HOME", home.toString()));
        assertThat(archives()).hasSize(2);

        Path jar = run.resolve("obuilder.jar");
        Files.copy(jar, run.resolve("new"));
        Files.setLastModifiedTime(
                run.resolve("new"), FileTime.from(Instant.now().plusSeconds(1)));
        Files.move(run.resolve("new"), jar, StandardCopyOption.ATOMIC_MOVE);
        Thread.sleep(1000);
        assertStarts(checkout.obuilder("--version"));
        assertThat(insisting().run().status()).isZero();
    }

    @Test
    void severalFirstStartsAtOnceDoNotMeet() throws Exception {
        List<Process> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(checkout.obuilder("--version").start());
        }
        for (Process start : starts) {
            assertThat(start.waitFor()).isZero();
            assertThat(new String(start.getInputStream().readAllBytes())).startsWith("obuilder 0.1");
        }
        assertThat(insisting().run().status()).isZero();
        assertThat(archives()).hasSize(1);
    }

    @Test
    @Needs(Need.PRIVATE_ROOT)
    void aDirectoryThatIsReadOnlyIsLeftAlone() throws Exception {
        Path top = checkout.top();
        Tools.run(directory, "mount", "--bind", top.toString(), top.toString());
        Tools.run(directory, "mount", "-o", "remount,bind,ro", top.toString());
        try {
            assertStarts(checkout.obuilder("--version"));
        } finally {
            Mounts.unmountAll(top);
        }
        assertThat(archives()).isEmpty();
    }
}
