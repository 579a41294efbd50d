package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Account;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Processes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Accounts and processes: several at once, those of others, and that none is left. */
class UserSandboxProcessesTest extends UserSandboxBench {
    @Test
    void daemonsAreEndedOnSuccess() throws Exception {
        run(Steps.sh("setsid setsid sh -c 'trap \"\" TERM HUP; sleep 5000 & sleep 5000' > /dev/null 2>&1 & "
                + "(setsid sleep 5000 &) ; sleep 0.2; echo done"));
        assertThat(output()).isEqualTo("done\n");
        assertThat(Processes.ofUser(UID)).isEmpty();
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
        assertThatExceptionOfType(Sandbox.CancelledException.class)
                .isThrownBy(() -> sandbox.run(
                        Steps.sh("trap '' TERM INT; setsid sleep 5001 & echo go; while :; do sleep 1; done")
                                .secret("hush", "/s")
                                .build(),
                        rootfs,
                        trigger,
                        cancellation))
                .withMessage("enough");
        assertThat(Processes.ofUser(UID)).isEmpty();
    }

    @Test
    void aForkBombIsEnded() throws Exception {
        Cancellation cancellation = new Cancellation();
        Thread canceller = new Thread(() -> {
            await().until(() -> Processes.ofUser(UID).size() > 20);
            cancellation.cancel("enough");
        });
        canceller.start();
        assertThatExceptionOfType(Sandbox.CancelledException.class)
                .isThrownBy(() -> sandbox.run(
                        Steps.argv(
                                        "/bin/bash",
                                        "-c",
                                        "ulimit -u 200; b() { while :; do b & sleep 0.05; done; }; b 2>/dev/null")
                                .build(),
                        rootfs,
                        log,
                        cancellation));
        canceller.join();
    }

    @Test
    void severalAtOnceHaveOneHomePathAndAccountsOfTheirOwn() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Path> trees = Stream.of("a", "b", "c", "d").map(store::resolve).toList();
            for (Path tree : trees) {
                Files.createDirectory(tree);
                sandbox.adopt(tree);
            }
            List<Future<Integer>> results = trees.stream()
                    .map(tree -> threads.submit(() -> sandbox.run(
                            Steps.sh("id -u > who; pwd > where; sleep 0.5").build(),
                            tree,
                            OutputStream.nullOutputStream(),
                            new Cancellation())))
                    .toList();
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
            assertThat(trees.stream().map(tree -> read(tree.resolve("who"))).distinct())
                    .hasSizeGreaterThan(1);
            for (Path tree : trees) {
                assertThat(tree.resolve("where")).hasContent(settings.home().toString());
                assertThat(owner(tree.resolve("who"))).isEqualTo(UID);
            }
        } finally {
            threads.shutdown();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aStrangersNumberIsLeftAlone() throws Exception {
        accounts.create(new Account("somebody", UID, Path.of("/nonexistent"), Path.of("/bin/sh")));
        try {
            run(Steps.sh("id -u"));
            assertThat(output()).isEqualTo((UID + 1) + "\n");
            assertThat(owner(rootfs)).isEqualTo(UID);
        } finally {
            accounts.delete("somebody");
        }
    }

    @Test
    void leftOversAreSweptAway() throws Exception {
        run(Steps.sh("true"));
        accounts.create(new Account("obt" + UID, UID, settings.home(), Path.of("/bin/sh")));
        Process daemon = new ProcessBuilder("setpriv", "--reuid=" + UID, "--clear-groups", "sleep", "5002").start();
        await().until(() -> !Processes.ofUser(UID).isEmpty());
        // Who was killed before it had the directory.
        Files.createFile(store.resolve("state/sandbox/0123456789abcdef.lock"));
        assertThat(sandbox.sweep()).containsExactly("the account obt" + UID);
        assertThat(daemon.waitFor()).isEqualTo(137);
        assertThat(sandbox.sweep()).isEmpty();
    }
}
