package io.jenkins.plugins.obuilder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Accounts;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.Processes;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;

/** A sandbox of accounts, a home in a store, and the look at its end whether anything is left. */
@Needs(Need.PRIVATE_ROOT)
abstract class UserSandboxBench {
    static final int UID = 6300;

    /** Not in /tmp, as a step has a /tmp of its own. */
    @TempDir(factory = BelowSrv.class)
    Path tmp;

    final Commands commands = new SystemCommands();
    final Accounts accounts = new LinuxAccounts(commands);
    final ByteArrayOutputStream log = new ByteArrayOutputStream();
    UserSettings settings;
    Path store;
    Path rootfs;
    UserSandbox sandbox;

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

    int run(Steps step) throws IOException {
        return sandbox.run(step.build(), rootfs, log, new Cancellation());
    }

    String output() {
        return Bytes.of(log.toByteArray());
    }

    static int owner(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    }
}
