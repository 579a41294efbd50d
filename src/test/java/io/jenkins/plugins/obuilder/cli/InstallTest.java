package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RootSide;
import io.jenkins.plugins.obuilder.testing.Specs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code obuilder install} and {@code uninstall}, with the sudo of this machine. */
@Needs({Need.PRIVATE_ROOT, Need.SUDO, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
class InstallTest {
    private RootSide side;

    @BeforeEach
    void prepare() throws IOException {
        side = RootSide.prepared();
    }

    @AfterEach
    void remove() throws IOException {
        side.close();
    }

    private RootSide.Ended installs(String arguments) throws IOException {
        return installsWithArchive("--no-archive " + arguments);
    }

    private RootSide.Ended installsWithArchive(String arguments) throws IOException {
        RootSide.Ended ended = side.asRoot("install " + arguments);
        assertThat(ended.status()).as(ended.all()).isZero();
        return ended;
    }

    private RootSide.Ended refuses(String arguments) throws IOException {
        RootSide.Ended ended = side.asRoot("install " + arguments);
        assertThat(ended.status()).as(ended.all()).isNotZero();
        assertThat(ended.err()).startsWith("obuilder: ").doesNotContain("\tat ");
        assertThat(RootSide.SUDOERS).doesNotExist();
        return ended;
    }

    @Test
    void installsUpgradesAndUninstalls() throws Exception {
        assertThat(installs("--user obcaller --store " + side.store()).out())
                .contains("installed obuilder ", side.wrapper().toString())
                .contains("sudo lets obcaller run it")
                .contains("made the configuration /etc/obuilder/agent.conf");
        assertThat(Files.readString(RootSide.SUDOERS)
                        .lines()
                        .filter(line -> !line.startsWith("#") && !line.startsWith("Defaults")))
                .containsExactly("obcaller ALL=(root) NOPASSWD: NOSETENV: " + side.wrapper() + " \"\"");
        assertThat(Tools.run(
                        Path.of("/"),
                        "stat",
                        "-c",
                        "%a %U %n",
                        RootSide.SUDOERS.toString(),
                        RootSide.CONF.toString(),
                        side.wrapper().toString(),
                        side.prefix.resolve("tmp").toString()))
                .contains(
                        "440 root /etc/sudoers.d/obuilder",
                        "644 root /etc/obuilder/agent.conf",
                        "755 root " + side.wrapper())
                .contains("700 root " + side.prefix + "/tmp");

        Files.writeString(RootSide.CONF, "# kept\nstore = " + side.store() + "\n");
        assertThat(installs("").out()).contains("kept the configuration", "sudo lets obcaller run it");
        assertThat(Files.readString(RootSide.CONF)).contains("# kept");

        RootSide.Ended ended = side.asRoot("uninstall");
        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(side.prefix).doesNotExist();
        assertThat(RootSide.SUDOERS).doesNotExist();
        assertThat(RootSide.CONF.getParent()).doesNotExist();
        assertThat(side.asUser("sudo -n $wrapper").status()).isNotZero();
        Tools.run(Path.of("/"), "visudo", "-c");
        assertThat(side.asRoot("uninstall").out()).startsWith("nothing was installed: there is neither ");
    }

    @Test
    void anUpgradeLeavesRunningBuildsAlone() throws Exception {
        installs("--user obcaller --store " + side.store());
        Files.writeString(
                side.home.resolve("a.spec"),
                Specs.spec(Specs.run("echo begun-$$; sleep 6"), Specs.copy(".", "/src/"), Specs.run("ls /src")));
        try (RootSide.Running running = side.startAsUser(
                "mkdir ctx; touch ctx/file; obuilder build -f a.spec --image busybox=tar:$image ctx")) {
            running.awaitOutput("\nbegun-");
            installs("");

            RootSide.Ended ended = running.end();
            assertThat(ended.status()).as(ended.all()).isZero();
        }
    }

    /** Root's obuilder starts with an archive of its classes, which is guarded as its jar is. */
    @Test
    void theArchiveIsUsedAndRootsAlone() throws Exception {
        installsWithArchive("--user obcaller --store " + side.store());
        Path archive = side.prefix.resolve("start/classes.jsa");
        Files.writeString(side.home.resolve("a.spec"), Specs.spec(Specs.run("echo begun-$$; sleep 3")));
        try (RootSide.Running running = side.startAsUser("obuilder build -f a.spec --image busybox=tar:$image .")) {
            running.awaitOutput("\nbegun-");

            assertThat(Tools.mappedBy("serve --prefix=" + side.prefix)).contains(archive.toString());
            RootSide.Ended ended = running.end();
            assertThat(ended.status()).as(ended.all()).isZero();
        }
        Tools.run(Path.of("/"), "chown", "obcaller", archive.toString());
        assertThat(side.asUser("sudo -n $wrapper").err()).contains("refuses to run", archive.toString());
        installsWithArchive("");
        assertThat(side.asUser("sudo -n $wrapper").status()).isZero();
        installs("");
        assertThat(Files.readString(side.wrapper())).doesNotContain("SharedArchiveFile");
        assertThat(side.asRoot("uninstall").status()).isZero();
        assertThat(side.prefix).doesNotExist();
    }

    @Test
    void aGroupMayBeNamedInsteadOfAUser() throws Exception {
        installs("--group obcaller --store " + side.store());

        assertThat(Files.readString(RootSide.SUDOERS)).contains("\n%obcaller ALL=(root) ");
        assertThat(side.asUser("sudo -n $wrapper").status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--user nobody-of-that-name            | there is no such user",
                "--user root                           | root builds without it",
                "--group 'x ALL=(ALL) ALL'             | has a name that the configuration of sudo would misunderstand",
                "--user obcaller --group obcaller      | not both",
                "                                      | who may build",
                "--user obcaller --java /nonexistent   | there is no bin/java",
                "--user obcaller --sudoers /etc/sudoers.d/ob.x | a dot in their names",
                "--user obcaller --store nonsense      | agent.conf:5: store = nonsense: write KIND:PATH",
            })
    void aMistakeInstallsNothing(String arguments, String message) throws Exception {
        assertThat(refuses(arguments == null ? "" : arguments).err()).contains(message);
    }

    @Test
    void aPlaceThatOthersMayWriteToIsRefused() throws Exception {
        for (String mistake : new String[] {"chmod o+w", "chmod g+w", "chown obcaller"}) {
            Tools.run(side.base, "sh", "-c", "mkdir -p prefix && " + mistake + " prefix");

            assertThat(refuses("--user obcaller").err())
                    .contains("must be writable for root alone")
                    .contains(side.prefix.toString())
                    .contains("--prefix");
            Tools.run(side.base, "rm", "-rf", "prefix");
        }
        Tools.run(side.base, "sh", "-c", "mkdir " + side.home + "/prefix && ln -s " + side.home + "/prefix prefix");
        assertThat(refuses("--user obcaller").err()).contains(side.home + " belongs to the user");
    }

    @Test
    void aJavaThatOthersMayWriteToIsRefused() throws Exception {
        Path java = side.base.resolve("java");
        Path work = Files.createDirectory(side.base.resolve("java-changes"));
        Files.createDirectory(java);
        Files.createDirectories(work.resolve("upper"));
        Files.createDirectories(work.resolve("work"));
        Tools.run(
                side.base,
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=" + System.getProperty("java.home") + ",upperdir=" + work.resolve("upper") + ",workdir="
                        + work.resolve("work"),
                java.toString());
        try {
            Tools.run(java, "chown", "obcaller", "lib/libnet.so");
            assertThat(refuses("--user obcaller --java " + java).err())
                    .contains("root cannot run the Java in " + java, "/lib/libnet.so belongs to the user")
                    .contains("name another one, such as --java ");
            Tools.run(java, "chown", "root", "lib/libnet.so");
            Tools.run(java, "chmod", "o+w", "lib/server");
            assertThat(refuses("--user obcaller --java " + java).err())
                    .contains("everybody may write to", "/lib/server");
            Tools.run(java, "chmod", "o-w", "lib/server");

            installs("--user obcaller --java " + java + " --store " + side.store());
            assertThat(Files.readString(side.wrapper())).contains(" " + java + "/bin/java ");
            assertThat(side.asUser("sudo -n $wrapper").status()).isZero();
            for (String file : new String[] {"bin/java", "lib/server/libjvm.so", "lib", "."}) {
                Tools.run(java, "chown", "obcaller", file);
                assertThat(side.asUser("sudo -n $wrapper").err())
                        .contains("refuses to run", "others than root could change");
                Tools.run(java, "chown", "root", file);
            }
        } finally {
            Tools.run(Path.of("/"), "umount", java.toString());
        }
    }

    @Test
    void aSudoersFileThatIsWrongElsewhereStopsIt() throws Exception {
        Path broken = Path.of("/etc/sudoers.d/obuilder-test-broken");
        Files.writeString(broken, "this is (not right\n");
        Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("r--r-----"));
        try {
            assertThat(refuses("--user obcaller --store " + side.store()).err())
                    .contains("the configuration of sudo is not right; nothing in it was changed")
                    .contains(broken.toString());
        } finally {
            Files.delete(broken);
        }
    }

    @Test
    void onlyRootInstalls() throws Exception {
        RootSide.Ended ended = side.asUser(RootSide.java() + " -jar $base/engine.jar install --user obcaller");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("run it as root");
    }

    @Test
    void filesThatItDidNotMakeStay() throws Exception {
        installs("--user obcaller --store " + side.store());
        Files.writeString(side.prefix.resolve("mine"), "x");

        assertThat(side.asRoot("uninstall --keep-config").out())
                .contains("left " + side.prefix + ", which has files that obuilder did not make")
                .contains("left /etc/obuilder/agent.conf");
        assertThat(side.prefix.resolve("mine")).exists();
        assertThat(RootSide.CONF).exists();
    }
}
