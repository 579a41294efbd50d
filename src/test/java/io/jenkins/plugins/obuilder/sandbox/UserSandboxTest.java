package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Account;
import io.jenkins.plugins.obuilder.host.Accounts;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.Processes;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

@Needs(Need.PRIVATE_ROOT)
class UserSandboxTest {
    private static final int UID = 6300;

    /** Not in /tmp, as a step has a /tmp of its own. */
    @TempDir(factory = BelowSrv.class)
    Path tmp;

    private final Commands commands = new SystemCommands();
    private final Accounts accounts = new LinuxAccounts(commands);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private UserSettings settings;
    private Path store;
    private Path rootfs;
    private UserSandbox sandbox;

    static final class BelowSrv implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            return Files.createTempDirectory(Path.of("/srv"), "obuilder-test");
        }
    }

    @BeforeEach
    void makeHome() throws IOException {
        settings = new UserSettings("obt", UID, UID + 2, tmp.resolve("homes/home of obt"), tmp.resolve("run"));
        store = Files.createDirectory(tmp.resolve("store"));
        rootfs = Files.createDirectories(store.resolve("result-tmp/x/rootfs"));
        Files.setPosixFilePermissions(tmp, java.nio.file.attribute.PosixFilePermissions.fromString("rwx--x--x"));
        sandbox = sandbox();
        sandbox.adopt(rootfs);
    }

    private UserSandbox sandbox() {
        return new UserSandbox(
                commands, accounts, settings, store.resolve("state/sandbox"), store, ResourceLimits.NONE);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        sandbox.close();
        for (int uid = UID; uid <= UID + 2; uid++) {
            assertThat(Processes.ofUser(uid)).isEmpty();
            assertThat(accounts.userName(uid)).isEmpty();
            assertThat(accounts.groupName(uid)).isEmpty();
        }
        assertThat(Mounts.within(tmp)).isEmpty();
        assertThat(settings.home()).doesNotExist();
        if (Files.exists(store.resolve("state/sandbox"))) {
            assertThat(store.resolve("state/sandbox")).isEmptyDirectory();
        }
        assertThat(Files.exists(settings.runtime().resolve("tmp-obt" + UID))).isFalse();
        assertThat(Path.of("/dev/shm/obuilder-secrets-obt" + UID)).doesNotExist();
    }

    private int run(Steps step) throws IOException {
        return sandbox.run(step.build(), rootfs, log, new Cancellation());
    }

    private String output() {
        return Bytes.of(log.toByteArray());
    }

    private static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }

    @Test
    void worksHere() {
        assertThat(sandbox.whyUnsupported()).isEmpty();
        assertThat(sandbox.kind()).isEqualTo("user");
        assertThat(sandbox.facts()).hasSize(1);
    }

    @Test
    void theSnapshotIsTheAccountsHome() throws IOException {
        run(Steps.sh("id -un; id -u; id -G; pwd; echo \"$HOME\"; echo hello > file; umask"));
        assertThat(output()).isEqualTo("obt6300\n6300\n6300\n" + settings.home() + "\n" + settings.home() + "\n0022\n");
        assertThat(rootfs.resolve("file")).hasContent("hello");
        assertThat(owner(rootfs.resolve("file"))).isEqualTo(UID);
        log.reset();
        run(Steps.sh("cat ~/file"));
        assertThat(output()).isEqualTo("hello\n");
    }

    @Test
    void theEnvironmentIsClean() throws IOException {
        run(Steps.argv("/usr/bin/env", "-0").env("ODD", "a\u00ff\n b").env("LANG", "C"));
        assertThat(output().split("\0"))
                .filteredOn(line -> !line.startsWith("PATH=") && !line.startsWith("_="))
                .containsExactlyInAnyOrder(
                        "HOME=" + settings.home(),
                        "USER=obt6300",
                        "LOGNAME=obt6300",
                        "SHELL=/bin/bash",
                        "TMPDIR=/tmp",
                        "PWD=" + settings.home(),
                        "SHLVL=0",
                        "LANG=C",
                        "ODD=a\u00ff\n b");
    }

    @Test
    void theProfileIsReadFirst() throws IOException {
        Files.writeString(rootfs.resolve(".obuilder_profile.sh"), "export FROM_PROFILE=yes LANG=profile\n");
        run(Steps.sh("echo $FROM_PROFILE $LANG").env("LANG", "spec"));
        assertThat(output()).isEqualTo("yes spec\n");
        log.reset();
        Files.writeString(rootfs.resolve(".obuilder_profile.sh"), "false\n");
        assertThat(run(Steps.sh("echo not reached"))).isEqualTo(1);
        assertThat(output()).isEqualTo("obuilder: " + settings.home() + "/.obuilder_profile.sh failed\n");
    }

    @Test
    void givesStatusSignalAndOutputExactly() throws IOException {
        assertThat(run(Steps.sh("printf 'a\\377\\0'; echo err >&2; echo out; exit 42")))
                .isEqualTo(42);
        assertThat(output()).isEqualTo("a\u00ff\u0000err\nout\n");
        assertThat(run(Steps.sh("kill -TERM $$"))).isEqualTo(143);
        assertThat(run(Steps.argv("/no/such/shell", "-c", "true"))).isEqualTo(127);
        assertThat(output()).contains("/no/such/shell");
    }

    @Test
    void aDirectoryBelowTheHomeIsMade() throws IOException {
        run(Steps.sh("pwd").in(Bytes.ofText(settings.home() + "/new/d\u00efr")));
        assertThat(output()).isEqualTo(Bytes.ofText(settings.home() + "/new/d\u00efr\n"));
        assertThat(owner(rootfs.resolve("new"))).isEqualTo(UID);
        log.reset();
        assertThat(run(Steps.sh("echo not reached").in("/src"))).isEqualTo(1);
        assertThat(output())
                .contains("obuilder: cannot use the working directory /src")
                .doesNotContain("not reached");
    }

    @Test
    void thereIsNoNetworkUnlessAskedFor() throws IOException {
        run(Steps.sh("ls /proc/self/net/dev >/dev/null && cut -d: -f1 /proc/self/net/dev | tail -n +3 | tr -d ' '; "
                        + "exec 3<>/dev/udp/127.0.0.1/9 && echo loopback")
                .in("/"));
        // sh has no /dev/udp: the loopback's state is read instead.
        assertThat(output()).startsWith("lo\n");
        log.reset();
        run(Steps.argv(
                "/bin/bash",
                "-c",
                "exec 3<>/dev/udp/127.0.0.1/9 && echo loopback; "
                        + "(exec 3<>/dev/udp/192.0.2.1/9) 2>/dev/null || echo no way out"));
        assertThat(output()).isEqualTo("loopback\nno way out\n");
        log.reset();
        run(Steps.sh("readlink /proc/self/ns/net").onHostNetwork());
        assertThat(output()).isEqualTo(Files.readSymbolicLink(Path.of("/proc/self/ns/net")) + "\n");
    }

    @Test
    void temporaryFilesAndTheStoreAreItsOwn() throws IOException {
        run(Steps.sh("ls -A /tmp /var/tmp /dev/shm; echo x > /tmp/x; echo x > /var/tmp/x; touch $TMPDIR/y; ls /tmp; "
                + "ls -A " + store + "/result-tmp 2>/dev/null || echo hidden"));
        assertThat(output()).isEqualTo("/dev/shm:\n\n/tmp:\n\n/var/tmp:\nx\ny\nhidden\n");
        assertThat(Path.of("/tmp/x")).doesNotExist();
    }

    /** Message queues, semaphores and shared memory outlive whoever makes them. */
    @Test
    void systemVIpcIsItsOwnAndGoesWithTheStep() throws IOException {
        String list = "ipcs -q -s -m | grep -c 0x";
        String before = Tools.run(Path.of("/"), "sh", "-c", list + "; true");
        run(Steps.sh("ipcmk -Q > /dev/null; ipcmk -S 1 > /dev/null; ipcmk -M 4096 > /dev/null; " + list));
        assertThat(output()).isEqualTo("3\n");
        log.reset();
        run(Steps.sh(list + "; true"));
        assertThat(output()).isEqualTo("0\n");
        assertThat(Tools.run(Path.of("/"), "sh", "-c", list + "; true")).isEqualTo(before);
    }

    @Test
    void secretsAreTheAccountsAloneAndGoWithTheStep() throws IOException {
        run(Steps.sh("cd $OBUILDER_SECRETS_DIR; stat -f -c %T .; stat -c '%a %U %n' . token; cat token key")
                .secret("hush\n", "/run/secrets/token")
                .secret("\u00ff\n", "key"));
        assertThat(output()).isEqualTo("tmpfs\n711 root .\n400 obt6300 token\nhush\n\u00ff\n");
        log.reset();
        run(Steps.sh("echo ${OBUILDER_SECRETS_DIR-none}; ls -A " + settings.runtime() + "/secrets"));
        assertThat(output()).isEqualTo("none\n");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.sh("true").secret("1", "/a/x").secret("2", "/b/x")))
                .withMessageContaining("two secrets");
    }

    @Test
    void cachesAreThere() throws IOException {
        Path outer = Files.createDirectories(store.resolve("cache1"));
        Path inner = Files.createDirectories(store.resolve("cache2"));
        String home = settings.home().toString();
        run(Steps.sh("echo in > .cache/d/file; echo out > .cache/file")
                .cache(inner, home + "/.cache/d")
                .cache(outer, home + "/.cache"));
        assertThat(output()).isEmpty();
        assertThat(inner.resolve("file")).hasContent("in");
        assertThat(outer.resolve("file")).hasContent("out");
        assertThat(rootfs.resolve(".cache")).isEmptyDirectory();
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.sh("true").cache(inner, "/var/cache")))
                .withMessageContaining("cannot have a cache at /var/cache")
                .withMessageContaining(home);
    }

    @Test
    void aLinkInTheHomeLeadsNoCacheOut() throws IOException {
        Path outside = Files.createDirectory(tmp.resolve("outside"));
        Files.createSymbolicLink(rootfs.resolve("link"), outside);
        Path cache = Files.createDirectories(store.resolve("cache1"));
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.sh("true").cache(cache, settings.home() + "/link/dir")))
                .withMessageContaining("link");
        assertThat(outside).isEmptyDirectory();
    }

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

    @Test
    void aHomeOfSomebodysIsNotTouched() throws IOException {
        Files.createDirectories(settings.home());
        Path precious = Files.createFile(settings.home().resolve("precious"));
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> run(Steps.sh("true")))
                .withMessageContaining("has files in it");
        assertThat(precious).exists();
        Files.delete(precious);
        Files.delete(settings.home());
    }

    @Test
    void adoptingFollowsNoLink() throws IOException {
        Path outside = Files.createFile(tmp.resolve("outside"));
        Files.createSymbolicLink(rootfs.resolve("link"), outside);
        Files.createDirectories(rootfs.resolve("a/b/c"));
        sandbox.adopt(rootfs);
        assertThat(owner(outside)).isZero();
        assertThat(owner(rootfs.resolve("link"))).isEqualTo(UID);
        assertThat(owner(rootfs.resolve("a/b/c"))).isEqualTo(UID);
        assertThat(rootfs.resolve(".obuilder_profile.sh")).isEmptyFile();
    }

    @Test
    void copiesGoBelowTheHomeOnly() throws IOException {
        Op.User.Ids root = new Op.User.Ids(0, 0);
        String home = settings.home().toString();
        assertThat(sandbox.copyTarget(home + "/a//b/", root)).isEqualTo(new Sandbox.CopyTarget("a/b", UID, UID));
        assertThat(sandbox.copyTarget(home, root).path()).isEmpty();
        for (String elsewhere : List.of("/", "/etc/passwd", home + "2/x", home + "/../x", "/home")) {
            assertThatExceptionOfType(HostException.class)
                    .isThrownBy(() -> sandbox.copyTarget(elsewhere, root))
                    .withMessageContaining("cannot copy to " + elsewhere)
                    .withMessageContaining("(workdir " + home + ")");
        }
    }

    @Test
    void whereMountingIsRefusedTheHomeIsALink() throws IOException {
        sandbox.withoutNamespaces();
        Path cache = Files.createDirectories(store.resolve("cache1"));
        run(Steps.sh(
                        "pwd; echo hello > file; echo c > .cache/x/file; cat $OBUILDER_SECRETS_DIR/token; touch $TMPDIR/y; "
                                + "readlink /proc/self/ns/mnt")
                .cache(cache, settings.home() + "/.cache/x")
                .secret("hush\n", "/token"));
        assertThat(output())
                .isEqualTo(settings.home() + "\nhush\n" + Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")) + "\n");
        assertThat(rootfs.resolve("file")).hasContent("hello");
        assertThat(cache.resolve("file")).hasContent("c");
        assertThat(rootfs.resolve(".cache/x")).isEmptyDirectory();
        assertThat(owner(rootfs.resolve(".cache/x"))).isEqualTo(UID);
    }
}
