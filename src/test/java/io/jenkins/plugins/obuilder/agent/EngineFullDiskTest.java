package io.jenkins.plugins.obuilder.agent;

import static io.jenkins.plugins.obuilder.agent.EngineBench.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk with the build's log is full, which is not the store's. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
class EngineFullDiskTest {
    @TempDir
    Path directory;

    private SecondJvm agent;
    private EngineBench bench;
    private Path disk;

    @BeforeEach
    void connect() throws Exception {
        agent = SecondJvm.start();
        bench = new EngineBench(directory, agent);
        disk = Files.createDirectories(Path.of(bench.top + "@tmp"));
        Tools.run(Path.of("/"), "mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString());
    }

    @AfterEach
    void disconnect() throws Exception {
        agent.close();
        Tools.run(Path.of("/"), "umount", "-l", disk.toString());
    }

    @Test
    void aLogThatFillsItEndsTheBuildWithAClearMessage() throws Exception {
        EngineProcess engine = bench.start(run("yes 0123456789 | head -c 100000000; sleep 1005"));
        EngineProcess.Progress end = bench.toTheEnd(engine);

        assertThatThrownBy(end::result)
                .hasMessageContaining("The agent's disk is full")
                .hasMessageContaining(engine.control());
        assertThat(EngineBench.processesWith("sleep 1005")).isEmpty();
    }

    @Test
    void aDiskThatIsFullBeforeIsTold() throws Exception {
        Tools.run(disk, "sh", "-c", "dd if=/dev/zero of=filler bs=64k 2>/dev/null; true");

        assertThatThrownBy(() -> bench.start(run("true"))).hasMessageContaining("No space left on device");
    }
}
