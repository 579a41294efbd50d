package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.PlainCgroups;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** All that is promised of containers, with crun, and which of the two is used. */
@Needs({Need.PRIVATE_ROOT, Need.CRUN, Need.RUNC, Need.BUSYBOX_STATIC})
class CrunSandboxTest extends RuncSandboxTest {
    private static PlainCgroups cgroups;

    @BeforeAll
    static void plainCgroups() throws IOException {
        cgroups = PlainCgroups.make();
    }

    @AfterAll
    static void usualCgroups() throws IOException {
        cgroups.close();
    }

    @Override
    String runtime() {
        return "crun";
    }

    private RuncSandbox chosen(ResourceLimits limits) {
        return new RuncSandbox(new SystemCommands(), tmp.resolve("chosen/processes"), false, limits);
    }

    @Test
    void isChosenWhereItWorksAndThatIsRemembered() throws IOException {
        Path memory = tmp.resolve("chosen/runtime");
        try (RuncSandbox sandbox = chosen(ResourceLimits.NONE)) {
            assertThat(sandbox.description()).startsWith("runc, containers by ").endsWith("/crun");
            assertThat(sandbox.kind()).as("ids do not depend on it").isEqualTo("runc");
        }
        assertThat(memory).content().endsWith(" works");
        Files.writeString(memory, Files.readString(memory).replace(" works", " fails"));
        try (RuncSandbox sandbox = chosen(ResourceLimits.NONE)) {
            assertThat(sandbox.description()).endsWith("/runc");
        }
        Files.writeString(memory, "another kernel fails");
        try (RuncSandbox sandbox = chosen(ResourceLimits.NONE)) {
            assertThat(sandbox.description()).endsWith("/crun");
        }
    }

    @Test
    void isNotChosenBesideBothVersionsOfControlGroups() throws IOException {
        cgroups.close();
        try (RuncSandbox sandbox = chosen(ResourceLimits.NONE)) {
            assertThat(sandbox.description())
                    .endsWith(io.jenkins.plugins.obuilder.host.Cgroups.hybrid() ? "/runc" : "/crun");
        } finally {
            cgroups = PlainCgroups.make();
        }
    }

    @Test
    void limitsWork() throws IOException {
        ResourceLimits limits =
                new ResourceLimits(OptionalLong.of(30 << 20), OptionalInt.of(30), OptionalDouble.of(0.5));
        try (RuncSandbox sandbox = chosen(limits)) {
            Path rootfs = tmp.resolve("root fs, ü");
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            assertThat(sandbox.description()).endsWith("/crun");
            assertThat(sandbox.run(Steps.sh("echo well").build(), rootfs, log, new Cancellation()))
                    .isZero();
            assertThatExceptionOfType(Sandbox.LimitReachedException.class)
                    .isThrownBy(() -> sandbox.run(
                            Steps.sh("x=$(head -c 60000000 /dev/zero | tr '\\0' a); echo ${#x}")
                                    .build(),
                            rootfs,
                            log,
                            new Cancellation()))
                    .withMessageContaining("memory (31457280 bytes)");
            assertThatExceptionOfType(Sandbox.LimitReachedException.class)
                    .isThrownBy(() -> sandbox.run(
                            Steps.sh("for i in $(seq 60); do sleep 3 & done; wait")
                                    .build(),
                            rootfs,
                            log,
                            new Cancellation()))
                    .withMessageContaining("processes (30)");
        }
    }

    @Test
    void whatADeadProcessLeftIsRemovedByWhicheverMadeIt() throws IOException {
        Path state = tmp.resolve("crashed");
        Path owner = Files.createDirectories(state.resolve("0123456789abcdef"));
        Files.createFile(state.resolve("0123456789abcdef.lock"));
        String id = "obuilder-0123456789abcdef-1";
        Files.createDirectories(owner.resolve("bundles").resolve(id));
        Files.createDirectories(owner.resolve("crun").resolve(id));
        try (RuncSandbox sandbox = new RuncSandbox(new SystemCommands(), state, false, ResourceLimits.NONE)) {
            assertThat(sandbox.sweep()).isEqualTo(List.of("the container " + id));
        }
        try (Stream<Path> left = Files.list(state)) {
            assertThat(left).isEmpty();
        }
    }
}
