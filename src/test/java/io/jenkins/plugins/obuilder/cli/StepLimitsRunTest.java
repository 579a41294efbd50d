package io.jenkins.plugins.obuilder.cli;

import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step that goes beyond a limit fails and says so; nothing of it is left, and the next is none the worse. */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.RSYNC, Need.BUSYBOX_STATIC})
class StepLimitsRunTest {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    /** Of version 1, or the only one of version 2. */
    private static final Pattern CPU_GROUP =
            Pattern.compile("(?m)^\\d+:(?:\\S*,)?(?:cpu(?:,[^:]*)?)?:/(.*?((?:obuilder-.*)?))$");

    /** Far longer than it takes to end it; where that is forgotten, the step succeeds. */
    private static final String LONG = "sleep 20.7302";

    private static final String HUNGRY = "x=$(head -c 60000000 /dev/zero | tr '\\0' a); echo ${#x}";

    @TempDir
    Path directory;

    private Workbench bench;

    @BeforeEach
    void makeBench() throws IOException {
        Path image = BusyboxTree.make(directory.resolve("image"));
        bench = new Workbench(directory, "rsync").with("--image", "busybox=dir:" + image);
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        bench.assertNothingTemporary();
    }

    /** Fails in both ways of running, and is well without the limit. */
    private String failure(String sandbox, String command, Object... limits) throws IOException {
        assertThat(bench.build(spec(run(command)), with(sandbox, limits))).isEqualTo(1);
        String message = bench.err();
        bench.mustBuild(spec(run("echo well")), with(sandbox, limits));
        return message;
    }

    private static Object[] with(String sandbox, Object... limits) {
        return Stream.concat(Stream.of("--sandbox", sandbox), Stream.of(limits)).toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "user"})
    void memory(String sandbox) throws Exception {
        assertThat(failure(sandbox, HUNGRY, "--memory", "30M"))
                .contains("used all that a step may have of memory (31457280 bytes)");
        bench.mustBuild(spec(run(HUNGRY)), "--sandbox", sandbox, "--memory", "1G");
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "user"})
    void processes(String sandbox) throws Exception {
        String many = "for i in $(seq 60); do sleep 3 & done; wait";

        assertThat(failure(sandbox, many, "--pids", "30")).contains("used all that a step may have of processes (30)");
        bench.mustBuild(
                spec(run("for i in $(seq 60); do sleep 0.1 & done; wait")), "--sandbox", sandbox, "--pids", "100");
    }

    /** What the kernel was told: how long something takes is no test. */
    @ParameterizedTest
    @ValueSource(strings = {"runc", "user"})
    void processors(String sandbox) throws Exception {
        try (Gate gate = Gate.closed()) {
            String client = gate.pass("here").replaceFirst(".*\\| ", "busybox ");
            String waits = run("echo here | " + client, "(network host)");
            try (EngineProcess build = bench.start(spec(waits), with(sandbox, "--cpus", "0.5"))) {
                gate.awaitArrivals(1);
                assertThat(quotas(client)).contains("50000");
                gate.letThrough();
                assertThat(build.join()).as(build.out() + build.err()).isZero();
            }
        }
    }

    /** Microseconds out of 100,000 of all control groups that a process is in, which has this command line. */
    private static Set<String> quotas(String commandLine) throws IOException {
        List<Long> processes = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").endsWith(commandLine))
                .map(ProcessHandle::pid)
                .toList();
        assertThat(processes).as(commandLine).isNotEmpty();
        Set<String> quotas = new TreeSet<>();
        Matcher group = CPU_GROUP.matcher(Files.readString(Path.of("/proc/" + processes.get(0) + "/cgroup")));
        while (group.find()) {
            addQuotas(Path.of(group.group(1)), quotas);
            // What is mounted may be the group that these tests are in.
            addQuotas(Path.of(group.group(2)), quotas);
        }
        return quotas;
    }

    private static void addQuotas(Path group, Set<String> quotas) throws IOException {
        for (Path at = group; at != null; at = at.getParent()) {
            for (String hierarchy : List.of(".", "cpu", "cpuacct,cpu", "cpu,cpuacct")) {
                for (String file : List.of("cpu.cfs_quota_us", "cpu.max")) {
                    Path quota = CGROUPS.resolve(hierarchy).resolve(at).resolve(file);
                    if (Files.exists(quota)) {
                        quotas.add(Files.readString(quota).strip().split(" ")[0]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "user"})
    void output(String sandbox) throws Exception {
        assertThat(failure(sandbox, "yes | head -c 300000", "--max-output", "10K"))
                .contains("printed more than a step may: 10240 bytes (--max-output; in Jenkins maxOutput)");
        assertThat(bench.out()).hasSizeLessThan(20_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runc", "user"})
    void time(String sandbox) throws Exception {
        assertThat(failure(sandbox, LONG, "--step-timeout", "1s"))
                .contains("took longer than a step may: 1 s (--step-timeout; in Jenkins stepTimeout)");
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains(LONG));
    }

    @Test
    void aBuildThatIsOverItsTimeIsCancelledAllTheSame() throws Exception {
        int status = bench.build(spec(run(LONG)), "--timeout", "1s", "--step-timeout", "1h");

        assertThat(status).isEqualTo(ExitCodes.TIMEOUT);
        assertThat(bench.err()).contains("--timeout 1s");
    }

    @Test
    void whatIsNoLimitIsRefused() throws IOException {
        for (String[] wrong : new String[][] {
            {"--memory", "lots"},
            {"--memory", "1K"},
            {"--pids", "1"},
            {"--cpus", "0"},
            {"--cpus", "NaN"},
            {"--step-timeout", "soon"}
        }) {
            assertThat(bench.build(spec(run("true")), (Object[]) wrong)).isEqualTo(ExitCodes.USAGE);
            assertThat(bench.err()).contains(wrong[0] + " " + wrong[1]);
        }
    }
}
