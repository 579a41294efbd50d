package io.jenkins.plugins.obuilder.cli;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.image.DockerClient;
import io.jenkins.plugins.obuilder.image.Image;
import io.jenkins.plugins.obuilder.image.ImageSources;
import io.jenkins.plugins.obuilder.image.Progress;
import io.jenkins.plugins.obuilder.image.UnpackLimits;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.DockerDaemon;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Registry;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Base images out of a real docker daemon, which pulls from a real registry. */
@Needs({Need.PRIVATE_ROOT, Need.DOCKERD, Need.REGISTRY, Need.OVERLAYFS, Need.RUNC, Need.BUSYBOX_STATIC})
class DockerImageRunTest {
    private static final String CAPABILITY = "0sAQAAAgAgAAAAAAAAAAAAAAAAAAA=";

    /** So much that a client does not write it before it is noticed that it has begun. */
    private static final int BALLAST = 128 << 20;

    @TempDir
    static Path shared;

    private static DockerDaemon daemon;
    private static Registry registry;
    private static String pulled;

    @TempDir
    Path directory;

    private final List<String> progress = new ArrayList<>();

    /** One image that the daemon has, and one that is in the registry alone. */
    @BeforeAll
    static void daemon() throws Exception {
        daemon = DockerDaemon.start(shared.resolve("docker"));
        registry = Registry.start(shared.resolve("registry"));
        Path tree = BusyboxTree.make(shared.resolve("tree"));
        Files.copy(Path.of("/bin/busybox"), tree.resolve("bin/capable"));
        Tools.run(tree, "setfattr", "-n", "security.capability", "-v", CAPABILITY, "bin/capable");
        Tools.run(
                shared,
                "tar",
                "--xattrs",
                "--xattrs-include=*",
                "--numeric-owner",
                "-cf",
                "tree.tar",
                "-C",
                "tree",
                ".");
        String tar = shared.resolve("tree.tar").toString();
        daemon.run("import", "-c", "ENV GREETING=\"hello world\"", "-c", "CMD /bin/sh", tar, "local:1");
        pulled = registry.name() + "/far:2";
        daemon.run("tag", "local:1", pulled);
        daemon.run("push", pulled);
        daemon.run("rmi", pulled);
    }

    @AfterAll
    static void end() throws IOException {
        if (registry != null) {
            registry.close();
        }
        if (daemon != null) {
            daemon.close();
        }
    }

    private ImageSources sources(Map<String, String> environment, String... mappings) throws IOException {
        DockerClient client = new DockerClient(new SystemCommands(), environment, progress::add, new Cancellation());
        return ImageSources.of(List.of(mappings), DigestMemory.none(), UnpackLimits.DEFAULT, client)
                .withDocker();
    }

    private static String images() throws Exception {
        return daemon.run("image", "ls", "--all", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}");
    }

    private Path unpack(Image image) throws IOException {
        Path draft = Files.createTempDirectory(directory, "draft");
        Path rootfs = Files.createDirectory(draft.resolve("rootfs"));
        image.unpack(rootfs, Progress.of(progress::add));
        try (var left = Files.list(draft)) {
            assertThat(left).containsExactly(rootfs);
        }
        return rootfs;
    }

    @Test
    void anImageThatTheDaemonHasKeepsCapabilitiesAndEnvironment() throws Exception {
        String before = images();

        Image image = sources(daemon.environment()).open("local:1");

        assertThat(image.identity()).isEqualTo(daemon.run("image", "inspect", "-f", "{{.Id}}", "local:1"));
        assertThat(image.env()).contains(new EnvVar("GREETING", "hello world"));
        Path rootfs = unpack(image);
        assertThat(Tools.run(
                        rootfs,
                        "getfattr",
                        "--only-values",
                        "-e",
                        "base64",
                        "-n",
                        "security.capability",
                        "bin/capable"))
                .isEqualTo(Tools.run(
                        shared, "getfattr", "--only-values", "-n", "security.capability", "tree/bin/capable"));
        assertThat(rootfs.resolve("bin/sh")).isSymbolicLink();
        assertThat(progress).contains("saving docker:local:1").noneMatch(line -> line.contains("pulling"));
        assertThat(images()).isEqualTo(before);
        assertThat(daemon.run("ps", "--all", "--quiet")).isEmpty();
    }

    @Test
    void whatTheDaemonHasNotIsPulledAndProgressIsShown() throws Exception {
        Image image = sources(daemon.environment(), "base=docker:" + pulled).open("base");

        assertThat(progress.get(0)).isEqualTo("pulling docker:" + pulled);
        assertThat(progress).anyMatch(line -> line.startsWith("Status: Downloaded"));
        assertThat(unpack(image).resolve("bin/busybox")).isRegularFile();
        progress.clear();
        sources(daemon.environment(), "base=docker:" + pulled).open("base");
        assertThat(progress).as("the second time it is there").isEmpty();
        assertThat(daemon.run("ps", "--all", "--quiet")).isEmpty();
        daemon.run("rmi", pulled);
    }

    @Test
    void whatNobodyHasIsAnErrorInDockersWords() throws Exception {
        assertThatThrownBy(() -> sources(daemon.environment()).open(registry.name() + "/none:3"))
                .hasMessageContaining("there is no image for (from " + registry.name() + "/none:3)")
                .hasMessageContaining("cannot pull the image")
                .hasMessageContaining("not found")
                .hasMessageContaining("--image");
        assertThatThrownBy(() ->
                        sources(Map.of("DOCKER_HOST", "unix:///nowhere/socket")).open("local:1"))
                .hasMessageContaining("docker says: ")
                .hasMessageContaining("/nowhere/socket")
                .hasMessageContaining("DOCKER_HOST");
    }

    @Test
    void aNameIsNeverAnOption() throws Exception {
        for (String name : List.of("--help", "-v", "a b", "", "a\nb", "$(x)")) {
            assertThatThrownBy(() -> sources(daemon.environment()).open(name))
                    .hasMessageContaining("there is no image for")
                    .hasMessageNotContaining("docker says");
            assertThatThrownBy(() ->
                            sources(daemon.environment(), "base=docker:" + name).open("base"))
                    .hasMessageContaining("is no name of a docker image");
        }
    }

    /** The whole way, in a process with the daemon's address in its environment. */
    @Test
    void aSpecIsBuiltOnIt() throws Exception {
        Path spec = Files.writeString(
                directory.resolve("spec"),
                "((from local:1) (shell /bin/sh -c) " + run("echo $GREETING; test -x /bin/capable") + ")");
        Checkout.Call call = new Checkout.Call(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                "-jar",
                Checkout.here().top().resolve("target/obuilder-engine.jar"),
                "build",
                "-f",
                spec,
                "--store",
                "overlayfs:" + directory.resolve("store"),
                directory);
        for (Map.Entry<String, String> variable : daemon.environment().entrySet()) {
            call.with(variable.getKey(), variable.getValue());
        }
        Checkout.Ended ended = call.run();
        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.out()).contains("\nhello world\n");
    }

    /** Whoever is killed while docker pulls or writes an image for it leaves nothing, neither here nor with the daemon. */
    @Test
    void aFetchThatWasKilledIsMadeAgain() throws Exception {
        Files.write(shared.resolve("ballast"), new byte[BALLAST]);
        Tools.run(shared, "tar", "-cf", "ballast.tar", "ballast");
        daemon.run("import", "-c", "CMD /bin/sh", shared.resolve("ballast.tar").toString(), "large:1");
        String large = registry.name() + "/large:1";
        daemon.run("tag", "large:1", large);
        daemon.run("push", large);
        daemon.run("rmi", "large:1", large);
        List<String> launcher = new ArrayList<>(List.of("env"));
        daemon.environment().forEach((name, value) -> launcher.add(name + "=" + value));
        Workbench bench = new Workbench(directory, "overlayfs").startedBy(launcher.toArray(String[]::new));
        String spec = "((from " + large + "))";

        kill(bench, spec, output -> output.contains("pulling docker:"));
        daemon.run("pull", large);
        String before = images();
        kill(bench, spec, output -> saved(bench.store()) > 0);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(dockers()).isEmpty());
        assertThat(saved(bench.store())).as("what was written, also after that").isBetween(1L, BALLAST - 1L);

        try (EngineProcess again = bench.start(spec)) {
            assertThat(again.join()).as(again.out() + again.err()).isZero();
        }
        bench.assertNothingTemporary();
        assertThat(images()).isEqualTo(before);
        assertThat(daemon.run("ps", "--all", "--quiet")).isEmpty();
        assertThat(daemon.leftInTemporary()).isEmpty();
        daemon.run("rmi", large);
    }

    @FunctionalInterface
    private interface Moment {
        boolean hasCome(String output) throws IOException;
    }

    private static void kill(Workbench bench, String spec, Moment moment) throws IOException {
        try (EngineProcess process = bench.start(spec, "--events", "jsonl")) {
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> !process.process().isAlive() || moment.hasCome(process.out() + process.err()));
            assertThat(process.process().isAlive())
                    .as(process.out() + process.err())
                    .isTrue();
            process.kill();
        }
    }

    /** Bytes of the archive that docker writes. */
    private static long saved(Path store) throws IOException {
        Path drafts = store.resolve("in-progress");
        if (!Files.isDirectory(drafts)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(drafts, 2)) {
            return files.filter(path -> path.getFileName().toString().contains("docker"))
                    .mapToLong(path -> path.toFile().length())
                    .sum();
        } catch (UncheckedIOException e) {
            return 0; // it has just got another name
        }
    }

    /** Command lines of clients. */
    private static List<String> dockers() {
        return ProcessHandle.allProcesses()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains("docker save") || line.contains("docker pull"))
                .toList();
    }
}
