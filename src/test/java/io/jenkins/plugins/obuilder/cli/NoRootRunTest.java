package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RootSide;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a user is told who is not root, on a machine where nobody installed a root side. */
@Needs({Need.PRIVATE_ROOT, Need.SUDO, Need.BUSYBOX_STATIC})
class NoRootRunTest {
    private static RootSide side;

    @BeforeAll
    static void prepare() throws Exception {
        side = RootSide.prepared();
        Files.writeString(side.home.resolve("a.spec"), "((from busybox))");
    }

    @AfterAll
    static void remove() throws Exception {
        side.close();
    }

    @Test
    void aBuildNeedsRootWhateverTheKindOfItsImage() throws Exception {
        for (String source : new String[] {"dir:/", "tar:$image", "docker:x"}) {
            RootSide.Ended ended = side.asUser("obuilder build -f a.spec --image busybox=" + source + " .");

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err())
                    .contains("builds need root, and this runs as the user obcaller")
                    .contains("install --user obcaller")
                    .doesNotContain("--image");
        }
    }

    @Test
    void aStoreOfRootsIsNotSaidToBeMissing() throws Exception {
        Path store = Files.createDirectories(side.base.resolve("store"));
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rwx------"));
        for (String command : new String[] {"ls", "df", "prune --limit 1"}) {
            RootSide.Ended ended =
                    side.asUser(RootSide.java() + " -jar $base/engine.jar " + command + " --store overlayfs:" + store);

            assertThat(ended.status()).isEqualTo(1);
            assertThat(ended.err())
                    .isEqualTo("obuilder: cannot look into the store in " + store
                            + ", which is not yours to use; run as root, or name another directory\n");
        }
    }

    @Test
    void theDoctorFindsNoFaultInWhatOnlyRootMay() throws Exception {
        RootSide.Ended ended = side.asUser(RootSide.java() + " -jar $base/engine.jar doctor");

        assertThat(ended.out())
                .contains("no   root ")
                .contains("ok   system calls ")
                .doesNotContain("Exception");
    }
}
