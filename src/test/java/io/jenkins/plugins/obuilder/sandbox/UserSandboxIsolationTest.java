package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a command cannot reach, and what of it reaches nobody else. */
class UserSandboxIsolationTest extends UserSandboxBench {
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
}
