package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a job may choose, and what it gets. */
class EngineOptionsTest {
    private final ObuilderStep step = new ObuilderStep();
    private final ObuilderSettings node = new ObuilderSettings();
    private final ObuilderSettings global = new ObuilderSettings();

    private List<String> options() throws AbortException {
        return EngineOptions.of(step, List.of(node, global));
    }

    @Test
    void whereNothingIsSetTheEngineChooses() throws Exception {
        assertThat(options()).isEmpty();
    }

    @Test
    void whereNothingIsSetTheJobChooses() throws Exception {
        step.setStore("rsync:/a");
        step.setSandbox("user");
        step.setImages(List.of("x=dir:/x", "y=tar:/y"));
        step.setParallel(3);
        step.setKeepGoing(true);
        step.setTimeout("2h");

        assertThat(options())
                .containsExactly(
                        "--store=rsync:/a",
                        "--sandbox=user",
                        "--image=x=dir:/x",
                        "--image=y=tar:/y",
                        "--parallel=3",
                        "--timeout=2h",
                        "--keep-going");
    }

    @Test
    void theAgentsOwnSettingsComeBeforeTheDefaults() throws Exception {
        global.setStores(List.of("rsync:/global"));
        global.setMemory("1G");
        global.setPids(100);
        node.setStores(List.of("zfs:/one\nzfs:/two"));
        node.setMemory("2G");

        assertThat(options()).containsExactly("--store=zfs:/one", "--memory=2G", "--pids=100");
    }

    @Test
    void aJobChoosesAmongTheStores() throws Exception {
        node.setStores(List.of("zfs:/one", "zfs:/two"));
        step.setStore("zfs:/two");
        assertThat(options()).containsExactly("--store=zfs:/two");

        step.setStore("rsync:/etc");
        assertThatThrownBy(this::options)
                .isInstanceOf(AbortException.class)
                .hasMessageContaining("rsync:/etc is not among")
                .hasMessageContaining("zfs:/one, zfs:/two");
    }

    @Test
    void theDefaultStoreIsTaken() throws Exception {
        node.setStores(List.of("zfs:/one", "zfs:/two"));
        node.setDefaultStore("zfs:/two");
        assertThat(options()).containsExactly("--store=zfs:/two");
    }

    @Test
    void aSandboxThatIsSetIsTheOnlyOne() throws Exception {
        global.setSandbox("runc");
        step.setSandbox("runc");
        assertThat(options()).containsExactly("--sandbox=runc");

        step.setSandbox("user");
        assertThatThrownBy(this::options).hasMessageContaining("runc alone");
    }

    @Test
    void imagesOfTheAgentAreTheOnlyOnes() throws Exception {
        node.setImages(List.of("debian=dir:/srv/debian"));
        assertThat(options()).containsExactly("--image=debian=dir:/srv/debian");

        step.setImages(List.of("debian=dir:/srv/debian"));
        assertThat(options()).containsExactly("--image=debian=dir:/srv/debian");

        step.setImages(List.of("root=dir:/root"));
        assertThatThrownBy(this::options)
                .hasMessageContaining("bring no images")
                .hasMessageContaining("root=dir:/root");
    }

    @Test
    void whereJobsMayBringImagesTheirsComeFirst() throws Exception {
        node.setImages(List.of("debian=dir:/srv/debian", "busybox=dir:/srv/busybox"));
        node.setJobImages(true);
        step.setImages(List.of("debian=tar:/mine"));

        assertThat(options()).containsExactly("--image=debian=tar:/mine", "--image=busybox=dir:/srv/busybox");
    }
}
