package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.agent.AgentFacts;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgentLabelsTest {
    private static Set<String> labels(
            String system, String version, String architecture, boolean root, String... tools) {
        return AgentLabels.of(new AgentFacts(system, version, architecture, root, Set.of(tools)));
    }

    @Test
    void aMacTellsItsVersion() {
        assertThat(labels("macos", "15.3.1", "arm64", true, "dscl", "zfs"))
                .containsExactlyInAnyOrder("obuilder", "arm64", "macos", "macos-15", "obuilder-user", "obuilder-zfs");
    }

    @Test
    void linuxTellsItsSandboxesAndStores() {
        assertThat(labels("linux", "6.1.0", "amd64", true, "crun", "btrfs", "useradd"))
                .containsExactlyInAnyOrder("obuilder", "amd64", "obuilder-runc", "obuilder-user", "obuilder-btrfs");
        assertThat(labels("linux", "6.1.0", "amd64", true)).containsExactlyInAnyOrder("obuilder", "amd64");
    }

    @Test
    void whereNothingCanBeBuiltThereAreNone() {
        assertThat(labels("Windows 11", "10.0", "amd64", true, "zfs")).isEmpty();
        assertThat(labels("linux", "6.1.0", "amd64", false, "runc", "zfs")).isEmpty();
        assertThat(labels("FreeBSD", "14.1", "amd64", true, "zfs")).isEmpty();
    }
}
