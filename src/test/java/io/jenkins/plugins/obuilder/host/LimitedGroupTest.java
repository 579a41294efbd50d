package io.jenkins.plugins.obuilder.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is written where for limits in control groups of version 2. They are directories that stand for them: a machine that has version 1
 * as well, as those of many CI services, gives its controllers to that one.
 */
class LimitedGroupTest {
    private static final String NAME = "obuilder-test-of-fake-groups";
    private static final ResourceLimits ALL =
            new ResourceLimits(OptionalLong.of(64 << 20), OptionalInt.of(40), OptionalDouble.of(0.5));

    @TempDir
    Path root;

    private Path group;

    @BeforeEach
    void makeTree() throws IOException {
        group = Files.createDirectory(root.resolve(NAME));
        Files.writeString(root.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
        for (String file : List.of("memory.swap.max", "memory.oom.group")) {
            Files.createFile(group.resolve(file));
        }
    }

    private LimitedGroup make(ResourceLimits limits) throws HostException {
        return LimitedGroup.make(
                NAME, limits, List.of(new MountPoint(1, 1, "/", root.toString(), "cgroup2", "cgroup2", "rw")));
    }

    @Test
    void eachLimitIsWrittenInTheFormOfVersionTwo() throws IOException {
        LimitedGroup made = make(ALL);

        assertThat(group.resolve("memory.max")).hasContent("67108864");
        assertThat(group.resolve("memory.swap.max")).hasContent("0");
        assertThat(group.resolve("memory.oom.group"))
                .as("one killed process is all of them")
                .hasContent("1");
        assertThat(group.resolve("pids.max")).hasContent("40");
        assertThat(group.resolve("cpu.max")).hasContent("50000 100000");
        assertThat(made.below("container")).hasValue("/" + NAME + "/container");
    }

    @Test
    void controllersAreTurnedOnBelowTheGroupToo() throws IOException {
        make(new ResourceLimits(OptionalLong.empty(), OptionalInt.empty(), OptionalDouble.of(2)));

        assertThat(root.resolve("cgroup.subtree_control")).hasContent("+cpu");
        assertThat(group.resolve("cgroup.subtree_control"))
                .as("else systemd turns cpu off again")
                .hasContent("+cpu");
    }

    @Test
    void processesJoinAGroupThatHandsNothingOn() throws IOException {
        LimitedGroup made = make(ALL);
        Files.createFile(group.resolve("command/cgroup.procs"));

        new SystemCommands().run(made.join(HostCommand.of("say nothing", "/bin/true")));

        assertThat(group.resolve("command/cgroup.procs")).content().matches("\\d+\\n");
        assertThat(group.resolve("cgroup.procs")).doesNotExist();
    }

    @Test
    void whatWasReachedIsNamed() throws IOException {
        LimitedGroup made = make(ALL);
        Files.writeString(group.resolve("memory.events"), "low 0\nhigh 0\nmax 17\noom 0\noom_kill 0\n");
        Files.writeString(group.resolve("pids.peak"), "39\n");
        assertThat(made.reached()).isEmpty();

        Files.writeString(group.resolve("pids.peak"), "40\n");
        assertThat(made.reached()).hasValue("processes (40)");

        Files.writeString(group.resolve("memory.events"), "low 0\nhigh 0\nmax 18\noom 1\noom_kill 3\n");
        assertThat(made.reached()).hasValue("memory (67108864 bytes)");
    }

    @Test
    void aControllerThatWasNotHandedOnIsNamed() throws IOException {
        Files.writeString(root.resolve("cgroup.controllers"), "cpu pids\n");

        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> make(ALL))
                .withMessageContaining("there is no controller for memory here")
                .withMessageContaining("a container, a service")
                .withMessageContaining("give no limits (memory, pids, cpus)");
    }

    @Test
    void whatCannotBeTurnedOnIsNamedWithThePlace() throws IOException {
        Files.createDirectory(root.resolve("cgroup.subtree_control"));

        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> make(ALL))
                .withMessageContaining("cannot write +memory to " + root.resolve("cgroup.subtree_control") + ": ");
    }

    @Test
    void theKernelsWordsAreExplained() {
        assertThat(CgroupController.advice("Device or resource busy")).contains("--cgroupns=host", "a group below");
        assertThat(CgroupController.advice("Operation not supported")).contains("--cgroupns=host", "a group below");
        assertThat(CgroupController.advice("Read-only file system")).contains("--privileged");
        assertThat(CgroupController.advice("Is a directory")).isEmpty();
    }
}
