package io.jenkins.plugins.obuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hudson.AbortException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
        step.setKeepFree("10%");
        step.setMinFree("1G");

        assertThat(options())
                .containsExactly(
                        "--store=rsync:/a",
                        "--sandbox=user",
                        "--image=x=dir:/x",
                        "--image=y=tar:/y",
                        "--keep-free=10%",
                        "--min-free=1G",
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
        node.setDisk("20G");
        global.setKeepFree("20G");
        step.setKeepFree("100%");
        step.setMinFree("2%");

        assertThat(options())
                .containsExactly(
                        "--store=zfs:/one",
                        "--memory=2G",
                        "--pids=100",
                        "--disk=20G",
                        "--keep-free=20G",
                        "--min-free=2%");
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

    @Test
    void whatIsForMacsGoesToMacs() throws Exception {
        global.setAccounts("6000-6003");
        global.setPrefix("/usr/local");
        node.setPrefix("/opt/homebrew");

        assertThat(options()).isEmpty();
        assertThat(EngineOptions.forMac(List.of(node, global)))
                .containsExactly("--accounts=6000-6003", "--prefix=/opt/homebrew");
    }

    /** Names on both sides of the house: what is sent must be known. */
    @Test
    void theEngineKnowsEveryOption() throws Exception {
        step.setStore("rsync:/a");
        step.setSandbox("user");
        step.setImages(List.of("x=dir:/x"));
        step.setParallel(3);
        step.setKeepGoing(true);
        step.setTimeout("2h");
        node.setMemory("1G");
        node.setPids(100);
        node.setCpus("1.5");
        node.setMaxOutput("1M");
        node.setStepTimeout("1h");
        node.setKeepFree("10G");
        node.setMinFree("1G");
        node.setAccounts("6000");
        node.setScoreboard("/s");
        node.setPrefix("/opt/homebrew");
        Process help = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        "target/obuilder-engine.jar",
                        "build",
                        "--help")
                .redirectErrorStream(true)
                .start();
        List<String> known = Pattern.compile("--[a-z-]+")
                .matcher(new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(Stream.concat(options().stream(), EngineOptions.forMac(List.of(node)).stream()))
                .extracting(option -> option.replaceFirst("=.*", ""))
                .hasSize(16)
                .isSubsetOf(known);
        assertThat(known).contains("--request", "--spec-name");
    }
}
