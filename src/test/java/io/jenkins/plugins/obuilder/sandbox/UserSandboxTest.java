package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a command finds: its home, environment, directory, caches; and how it ends. */
class UserSandboxTest extends UserSandboxBench {
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

    @Test
    void worksWithAStoreBelowVarTmpToo() throws IOException {
        Path other = Files.createTempDirectory(Path.of("/var/tmp"), "obuilder-test");
        try (UserSandbox below = new UserSandbox(
                commands, accounts, settings, other.resolve("state"), other.resolve("store"), ResourceLimits.NONE)) {
            assertThat(below.run(
                            Steps.sh("echo x > /tmp/a; echo y > /var/tmp/b; cat /tmp/* /var/tmp/*")
                                    .build(),
                            rootfs,
                            log,
                            new Cancellation()))
                    .isZero();
            assertThat(output()).isEqualTo("x\ny\n");
        } finally {
            ProcessDirectory.deleteTree(other);
        }
    }
}
