package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RecordingCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC})
class RuncSandboxTest {
    @TempDir
    Path tmp;

    private Path state;
    private Path rootfs;
    private RuncSandbox sandbox;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void makeTree() throws IOException {
        state = tmp.resolve("state/sandbox");
        rootfs = BusyboxTree.make(tmp.resolve("root fs, ü"));
        sandbox = new RuncSandbox(new SystemCommands(), state, false, ResourceLimits.NONE, Optional.of(runtime()));
    }

    /** What starts the containers. */
    String runtime() {
        return "runc";
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        List<String> owners = owners();
        sandbox.close();
        assertThat(Mounts.within(tmp)).isEmpty();
        assertThat(controlGroups(owners)).isEmpty();
        if (Files.exists(state)) {
            assertThat(state).isEmptyDirectory();
        }
    }

    /** What the containers of this test are named after: control groups are the host's, and others may run theirs at the same time. */
    private List<String> owners() throws IOException {
        if (!Files.exists(state)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(state)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .toList();
        }
    }

    /** Other groups come and go while this looks. */
    private static List<Path> controlGroups(List<String> owners) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(Path.of("/sys/fs/cgroup"), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path group, BasicFileAttributes attributes) {
                if (owners.stream()
                        .anyMatch(owner -> group.getFileName().toString().startsWith("obuilder-" + owner))) {
                    found.add(group);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path group, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private int run(Steps step) throws IOException {
        return sandbox.run(step.build(), rootfs, log, new Cancellation());
    }

    private String output() {
        return Bytes.of(log.toByteArray());
    }

    @Test
    void worksHere() {
        assertThat(sandbox.whyUnsupported()).isEmpty();
        assertThat(sandbox.kind()).isEqualTo("runc");
    }

    @Test
    void saysWhatToInstall() {
        RuncSandbox none = new RuncSandbox(
                new RecordingCommands().without("runc").without("crun"), state, false, ResourceLimits.NONE);
        assertThat(none.whyUnsupported())
                .hasValueSatisfying(why -> assertThat(why).contains("apt-get install runc"));
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> none.run(Steps.sh("true").build(), rootfs, log, new Cancellation()))
                .withMessageContaining("apt-get install runc");
    }

    @Test
    void theOutputIsTheCommandsAndNothingElse() throws IOException {
        assertThat(run(Steps.sh("printf 'a\\377\\000b'; printf err >&2"))).isZero();
        assertThat(output()).contains("a\u00ff\u0000b").contains("err").hasSize(7);
    }

    @Test
    void longOutputComesWhole() throws IOException {
        assertThat(run(Steps.sh("seq 1 200000"))).isZero();
        assertThat(output()).hasSize(1288895).endsWith("\n200000\n");
    }

    @Test
    void givesTheExitStatus() throws IOException {
        assertThat(run(Steps.sh("exit 1"))).isEqualTo(1);
        assertThat(run(Steps.sh("exit 42"))).isEqualTo(42);
        assertThat(run(Steps.sh("exit 255"))).isEqualTo(255);
        assertThat(run(Steps.sh("sh -c 'kill -SEGV $$'; exit $?"))).isEqualTo(139);
        assertThat(output()).doesNotContain("level=");
    }

    @Test
    void aMissingShellIsExplained() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.argv("/bin/zsh", "-c", "true")))
                .withMessageContaining("/bin/zsh")
                .matches(e -> e.getMessage().toLowerCase(Locale.ROOT).contains("no such file"))
                .withMessageContaining("(shell …)");
        assertThat(output()).isEmpty();
    }

    @Test
    void whatOnlySoundsLikeRuncIsTheCommands() throws IOException {
        assertThat(run(Steps.sh("printf 'runc run failed: '; sleep 0.01; echo I; exit 1")))
                .isEqualTo(1);
        assertThat(run(Steps.sh("printf ru"))).isZero();
        assertThat(run(Steps.sh("yes 'runc run failed: ' | head -n 10000 | tr -d '\\n'")))
                .isZero();
        assertThat(output()).isEqualTo("runc run failed: I\nru" + "runc run failed: ".repeat(10000));
    }

    @Test
    void whatRuncRefusesIsToldInItsWords() throws IOException {
        Files.delete(rootfs.resolve("etc"));
        Files.writeString(rootfs.resolve("etc"), "no directory");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.sh("true")))
                .withMessageContaining("cannot start the command in a container")
                .matches(e -> e.getMessage().toLowerCase(Locale.ROOT).contains("not a directory"));
        assertThat(output()).isEmpty();
    }

    @Test
    void runsAsTheUserInTheDirectoryWithTheEnvironment() throws IOException {
        Files.createDirectories(rootfs.resolve("srv/wörk"));
        run(Steps.sh("id -u; id -g; id -G; pwd; echo $GREETING; umask")
                .in(Bytes.ofText("/srv/wörk"))
                .as(12, 34)
                .env("GREETING", "a  b\n\"c\""));
        assertThat(output()).isEqualTo("12\n34\n34\n" + Bytes.ofText("/srv/wörk") + "\na b \"c\"\n0022\n");
    }

    @Test
    void theEnvironmentIsClean() throws IOException {
        run(Steps.argv("/bin/env").env("A", "1").env("PATH", "/bin"));
        assertThat(output().lines()).containsExactlyInAnyOrder("A=1", "PATH=/bin", "HOME=/");
    }

    @Test
    void aMissingWorkdirIsMade() throws IOException {
        assertThat(run(Steps.sh("pwd").in("/new/dir"))).isZero();
        assertThat(output()).isEqualTo("/new/dir\n");
        assertThat(rootfs.resolve("new/dir")).isDirectory();
    }

    @Test
    void bytesThatAreNotUtf8ArriveExactly() throws IOException {
        String odd = "\u00ff\u00e9\\0101%\n\n";
        run(Steps.argv("/bin/printf", "%s|", odd, "x").env("PATH", "/bin"));
        run(Steps.sh("printf '%s|' \"$ODD\"").env("ODD", odd).env("PATH", "/bin"));
        assertThat(output()).isEqualTo(odd + "|x|" + odd + "|");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.sh("true").in("/\u00ff")))
                .withMessageContaining("the working directory is not UTF-8");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.argv("/bin/echo", "a\0b")))
                .withMessageContaining("the command has a NUL byte");
    }

    @Test
    void thereIsNoNetworkButALoopbackUnlessAskedFor() throws IOException {
        run(
                Steps.sh(
                        "ls /sys/class/net; cat /sys/class/net/lo/operstate; ifconfig lo | grep -c UP; cat /etc/hosts; hostname"));
        assertThat(output()).isEqualTo("lo\nunknown\n1\n127.0.0.1 localhost builder\nbuilder\n");
        log.reset();
        run(Steps.sh("readlink /proc/self/ns/net; cat /etc/resolv.conf").onHostNetwork());
        assertThat(output())
                .isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")) + "\n"
                        + Bytes.of(Files.readAllBytes(Path.of("/etc/resolv.conf"))));
    }

    @Test
    void isShutIn() throws IOException {
        run(
                Steps.sh(
                        "exec 2>&1; echo $$; grep CapBnd /proc/self/status; cat /proc/keys; echo x > /proc/sys/kernel/hostname || echo refused"));
        assertThat(output()).startsWith("1\nCapBnd:\t00000000a80401fb\n").contains("refused\n");
    }

    @Test
    void cachesAreThere() throws IOException {
        Path outer = Files.createDirectory(tmp.resolve("cache1"));
        Path inner = Files.createDirectory(tmp.resolve("cache2"));
        run(Steps.sh("echo in > /c/d/file; echo out > /c/file")
                .cache(inner, "/c/d")
                .cache(outer, "/c"));
        assertThat(inner.resolve("file")).hasContent("in");
        assertThat(outer.resolve("file")).hasContent("out");
        assertThat(rootfs.resolve("c")).isEmptyDirectory();
    }

    @Test
    void secretsAreReadableAndNeverOnTheDisk() throws IOException {
        Path trace = tmp.resolve("trace");
        Path cache = Files.createDirectory(tmp.resolve("cache"));
        try (OutputStream spy = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                log.write(b);
                if (output().endsWith("kept\n")) {
                    // While the command runs: whatever file holds the secret lies on a file system in memory.
                    for (Path file : filesWith("hush", state)) {
                        Files.writeString(trace, Files.getFileStore(file).type());
                    }
                    Files.writeString(rootfs.resolve("seen"), "");
                }
            }
        }) {
            Sandbox.Command command = Steps.sh("cat /run/s1 /c/s2; (echo x > /run/s1) 2>/dev/null || echo kept;"
                            + " while ! [ -e /seen ]; do sleep 0.01; done")
                    .as(1000, 1000)
                    .secret("hush\n", "/run/s1")
                    .secret("\u00ff\u0000\n", "/c/s2")
                    .cache(cache, "/c")
                    .build();
            assertThat(sandbox.run(command, rootfs, spy, new Cancellation())).isZero();
        }
        assertThat(output()).isEqualTo("hush\n\u00ff\u0000\nkept\n");
        assertThat(trace).hasContent("tmpfs");
        assertThat(rootfs.resolve("run/s1")).isEmptyFile();
        assertThat(cache.resolve("s2")).isEmptyFile();
    }

    private static List<Path> filesWith(String text, Path tree) throws IOException {
        List<Path> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                try {
                    if (Bytes.of(Files.readAllBytes(file)).contains(text)) {
                        found.add(file);
                    }
                } catch (NoSuchFileException e) {
                    // The runtime rewrites its state now and then.
                    assertThat(file).hasFileName("state.json");
                }
            }
        }
        return found;
    }

    @Test
    void daemonsEndWithTheStep() throws IOException {
        Path heartbeat = rootfs.resolve("beat");
        run(Steps.sh("setsid sh -c 'setsid sh -c \"while :; do date +%s%N > /beat; sleep 0.01; done\" & exit 0' & "
                + "while ! [ -s /beat ]; do sleep 0.01; done"));
        String last = Files.readString(heartbeat);
        await().pollDelay(java.time.Duration.ofMillis(200)).until(() -> true);
        assertThat(heartbeat).hasContent(last);
    }

    @Test
    void cancellingEndsEverything() throws Exception {
        Cancellation cancellation = new Cancellation();
        OutputStream trigger = new OutputStream() {
            @Override
            public void write(int b) {
                new Thread(() -> cancellation.cancel("enough")).start();
            }
        };
        Sandbox.Command command = Steps.sh("trap '' TERM INT; sleep 4000 & echo go; while :; do sleep 1; done")
                .secret("hush", "/s")
                .build();
        assertThatExceptionOfType(Sandbox.CancelledException.class)
                .isThrownBy(() -> sandbox.run(command, rootfs, trigger, cancellation))
                .withMessage("enough");
        await().untilAsserted(() -> assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("sleep 4000")))
                .isEmpty());
    }

    @Test
    void cancellingAtAnyMomentLeavesNothing() throws Exception {
        for (int delay = 0; delay < 100; delay += 7) {
            Cancellation cancellation = new Cancellation();
            long pause = delay;
            Thread canceller = new Thread(() -> {
                try {
                    Thread.sleep(pause);
                } catch (InterruptedException e) {
                    return;
                }
                cancellation.cancel("enough");
            });
            canceller.start();
            assertThatExceptionOfType(Sandbox.CancelledException.class)
                    .isThrownBy(() -> sandbox.run(Steps.sh("sleep 4001").build(), rootfs, log, cancellation));
            canceller.join();
        }
        await().untilAsserted(() -> assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains("sleep 4001")))
                .isEmpty());
    }

    @Test
    void manyAtOnceDoNotMeet() throws Exception {
        // Steps never share a root file system, as these do: crun fails when another makes the places of mounts in it
        // at the same moment.
        assertThat(sandbox.run(Steps.sh("true").build(), rootfs, OutputStream.nullOutputStream(), new Cancellation()))
                .isZero();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> results = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int number = i;
                results.add(threads.submit(() -> sandbox.run(
                        Steps.sh("exit " + number).build(),
                        rootfs,
                        OutputStream.nullOutputStream(),
                        new Cancellation())));
            }
            for (int i = 0; i < 8; i++) {
                assertThat(results.get(i).get()).isEqualTo(i);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void copiesGoAnywhereAsTheUser() {
        assertThat(sandbox.copyTarget("/a/b", new Op.User.Ids(1, 2))).isEqualTo(new Sandbox.CopyTarget("a/b", 1, 2));
        assertThat(sandbox.copyTarget("/", new Op.User.Ids(0, 0)).path()).isEmpty();
    }
}
