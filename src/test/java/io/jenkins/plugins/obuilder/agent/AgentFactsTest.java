package io.jenkins.plugins.obuilder.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import io.jenkins.plugins.obuilder.boundary.Installation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AgentFactsTest {
    @Test
    void anAgentTellsWhatThisMachineIs() throws Exception {
        AgentFacts facts;
        try (SecondJvm agent = SecondJvm.start()) {
            facts = agent.call(new AgentFacts.Probe());
        }

        assertThat(facts.system()).isEqualTo("linux");
        assertThat(facts.architecture()).isIn("amd64", "arm64");
        assertThat(facts.has("runc")).isEqualTo(Files.exists(Path.of("/usr/sbin/runc")));
        assertThat(facts.has("nothing")).isFalse();
        assertThat(facts.root())
                .isEqualTo(System.getProperty("user.name").equals("root") || Files.exists(AgentFacts.WRAPPER));
    }

    /** The two sides of the house know of each other what users know. */
    @Test
    void theWrapperIsWhereItIsInstalled() {
        assertThat(AgentFacts.WRAPPER).isEqualTo(Path.of(Installation.DEFAULT_PREFIX, Installation.WRAPPER));
    }

    @Test
    void windowsAndOldJavaAreRefused() throws Exception {
        assertThatThrownBy(() -> EngineCommand.check('\\', 21))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("Windows");
        assertThatThrownBy(() -> EngineCommand.check('/', 11))
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("Java 11")
                .hasMessageContaining("17 or newer");
        EngineCommand.check('/', 17);
    }
}
