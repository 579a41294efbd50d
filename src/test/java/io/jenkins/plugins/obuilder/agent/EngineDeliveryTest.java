package io.jenkins.plugins.obuilder.agent;

import static io.jenkins.plugins.obuilder.agent.EngineBench.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.FilePath;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the engine comes to an agent. */
class EngineDeliveryTest {
    @TempDir
    Path directory;

    private SecondJvm agent;
    private FilePath engines;

    @BeforeEach
    void connect() throws Exception {
        agent = SecondJvm.start();
        engines = agent.file(directory.resolve("agent/obuilder"));
    }

    @AfterEach
    void disconnect() throws Exception {
        agent.close();
    }

    private List<Path> there() throws Exception {
        return EngineBench.list(directory.resolve("agent/obuilder"));
    }

    @Test
    void itComesOnce() throws Exception {
        Path jar = Path.of(EngineJar.deliverTo(engines).getRemote());
        FileTime brought = Files.getLastModifiedTime(jar);

        assertThat(EngineJar.deliverTo(engines).getRemote()).isEqualTo(jar.toString());
        assertThat(there()).containsExactly(jar);
        assertThat(Files.getLastModifiedTime(jar)).isEqualTo(brought);
        assertThat(jar).hasSameBinaryContentAs(Path.of("target/obuilder-engine.jar"));
    }

    @Test
    void manyStepsMayBringItAtTheSameTime() throws Exception {
        ExecutorService controller = Executors.newFixedThreadPool(8);
        List<Future<FilePath>> brought = new ArrayList<>();
        Callable<FilePath> bring = () -> EngineJar.deliverTo(engines);
        for (int i = 0; i < 8; i++) {
            brought.add(controller.submit(bring));
        }
        for (Future<FilePath> one : brought) {
            assertThat(one.get().getRemote()).isEqualTo(brought.get(0).get().getRemote());
        }
        controller.shutdown();

        assertThat(there()).hasSize(1);
        assertThat(there().get(0)).hasSameBinaryContentAs(Path.of("target/obuilder-engine.jar"));
    }

    @Test
    void whatFormerVersionsAndCrashesLeftGoes() throws Exception {
        Path place = Files.createDirectories(directory.resolve("agent/obuilder"));
        Path old = Files.writeString(place.resolve("engine-0123.jar"), "old");
        Path broken = Files.writeString(place.resolve("engine-4567.part"), "broken off");
        Path start = Files.createDirectory(place.resolve("engine-0123-java-17"));
        Files.writeString(start.resolve("classes.jsa"), "old");
        Path recent = Files.writeString(place.resolve("engine-89ab.jar"), "another version");
        for (Path file : List.of(old, broken, start)) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(60))));
        }

        Path jar = Path.of(EngineJar.deliverTo(engines).getRemote());

        assertThat(there()).containsExactlyInAnyOrder(jar, recent);
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
    void twoStepsThatBringItBothBuild() throws Exception {
        EngineBench bench = new EngineBench(directory, agent);
        ExecutorService controller = Executors.newFixedThreadPool(2);
        Callable<EngineResult> build = () -> {
            EngineBench own = new EngineBench(directory, agent);
            return own.build(run("echo one of two"));
        };
        Future<EngineResult> first = controller.submit(build);
        Future<EngineResult> second = controller.submit(build);

        assertThat(first.get().id()).isEqualTo(second.get().id());
        controller.shutdown();
        assertThat(EngineBench.list(bench.enginesDirectory()))
                .filteredOn(Files::isRegularFile)
                .hasSize(1);
    }

    @Test
    @Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
    void theFirstBuildPreparesTheStartOfTheNext() throws Exception {
        EngineBench bench = new EngineBench(directory, agent);
        Path prepared = Path.of(EngineCommand.prepared(
                EngineJar.place(agent.file(bench.enginesDirectory())).getRemote()));
        Files.delete(prepared);
        bench.build(run("true"));

        await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(prepared.resolve("classes.jsa")));
        await().atMost(Duration.ofMinutes(1))
                .until(() -> EngineBench.processesWith(prepared.toString()).isEmpty());
        assertThat(bench.build(run("true")).misses()).isZero();

        EngineProcess engine = bench.start(run("sleep 5"));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Tools.mappedBy("-XX:SharedArchiveFile=" + prepared))
                        .as("files that the engine has mapped")
                        .contains(prepared.resolve("classes.jsa").toString()));
        bench.toTheEnd(engine);
    }
}
