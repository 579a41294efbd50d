package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.RootSide;
import io.jenkins.plugins.obuilder.testing.RootSideTest;
import io.jenkins.plugins.obuilder.testing.Specs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the {@code sh} step of a job, which has the rights of the agent's user, tries in order to become root. */
class RootSideAttacksTest extends RootSideTest {
    private static final String BUILD = "obuilder build -f a.spec --image busybox=tar:$image ";

    @BeforeEach
    void makeContext() throws IOException {
        spec(Specs.copy(".", "/src/"), Specs.run("find /src; cat /src/* 2> /dev/null; true"));
        RootSide.Ended ended = side.asUser("rm -rf ctx result.json; mkdir ctx; echo mine > ctx/mine");
        assertThat(ended.status()).isZero();
    }

    @AfterEach
    void nothingWasGained() throws IOException {
        side.assertNotInStore(RootSide.SECRET);
        assertThat(Path.of("/etc/cron.d/obuilder-attack")).doesNotExist();
    }

    private void spec(String... ops) throws IOException {
        Files.writeString(side.home.resolve("a.spec"), Specs.spec(ops));
    }

    /** It fails, and nothing that root alone knows is told. */
    private static RootSide.Ended refused(String script) throws IOException {
        RootSide.Ended ended = side.asUser(script);
        assertThat(ended.status()).as(ended.all()).isNotZero();
        assertThat(ended.all()).doesNotContain(RootSide.SECRET, "root:*:", "root:!", "\tat ");
        return ended;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/shadow",
                "$base/hidden/secret",
                "../../etc/shadow",
                "link",
                "ctx/../link",
                "/proc/1/environ"
            })
    void asSecret(String file) throws Exception {
        spec(Specs.run("cat /run/token", Specs.secret("token", "/run/token")));

        RootSide.Ended ended = refused("ln -sf /etc/shadow link; " + BUILD + "--secret token:" + file + " ctx");

        assertThat(ended.err())
                .contains("cannot read the value of the secret \"token\"")
                .contains("ermission denied");
    }

    @Test
    void aSecretThatNeverEnds() throws Exception {
        spec(Specs.run("cat /run/token", Specs.secret("token", "/run/token")));

        assertThat(refused(BUILD + "--secret token:/dev/zero ctx").err()).contains("is longer than 16 MiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tar:$base/hidden/image.tar",
                "tar:$base/../root-side/hidden/image.tar",
                "tar:link",
                "oci:$base/hidden",
                "oci:link",
                "docker-archive:$base/hidden/image.tar",
                "dir:/root",
                "dir:$base/hidden",
                "dir:../../root",
                "home:/root",
                "tar:/dev/zero",
                "tar:/dev/sda",
                "oci:/proc/self/fd/0"
            })
    void asImage(String source) throws Exception {
        refused("ln -sfn $base/hidden/image.tar link; obuilder build -f a.spec --image busybox=" + source + " ctx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/root", "$base/hidden", "ctx/../../../root", "link", "ctx/link"})
    void asContext(String directory) throws Exception {
        RootSide.Ended ended = refused("ln -sfn $base/hidden link; ln -sfn /root ctx/link; " + BUILD + directory);

        assertThat(ended.err()).containsIgnoringCase("permission denied");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../hidden/secret         | cannot contain \"..\"",
                "/../../etc/shadow        | cannot contain \"..\"",
                "ctx/../../../etc/shadow  | cannot contain \"..\"",
                "dir/secret               | a symbolic link",
                "dir/shadow               | a symbolic link",
                "deep/to/secret           | a symbolic link",
                "/etc/shadow              | there is no \"etc\"",
            })
    void asSourceOfACopy(String source, String why) throws Exception {
        spec("(copy (src " + source + ") (dst /x))", Specs.run("cat /x"));

        RootSide.Ended ended =
                refused("ln -s $base/hidden ctx/dir; mkdir ctx/deep; ln -s ../dir ctx/deep/to; " + BUILD + "ctx");

        assertThat(ended.err()).contains(why);
    }

    @Test
    void linksInTheContextStayLinks() throws Exception {
        RootSide.Ended ended = side.asUser("ln -s $base/hidden/secret ctx/link; ln -s /etc/shadow ctx/shadow;"
                + " ln -s $base/hidden ctx/dir; " + BUILD + "ctx");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.out()).contains("/src/link\n", "/src/dir\n", "mine\n").doesNotContain("/src/dir/");
        assertThat(ended.all()).doesNotContain(RootSide.SECRET);
    }

    @Test
    void aDirectoryThatIsSwappedDuringTheWalk() throws Exception {
        String swap = "mkdir -p ctx/d; for i in $(seq 300); do echo $i > ctx/d/$i; done; ln -sfn $base/hidden other;"
                + " (while [ ! -e stop ]; do mv -T ctx/d ctx/was; mv -T other ctx/d; mv -T ctx/d other; mv -T ctx/was ctx/d;"
                + " done) 2> /dev/null & ";
        RootSide.Ended ended = side.asUser("rm -f stop; " + swap + "for i in 1 2 3 4; do echo $i > ctx/mine; " + BUILD
                + "ctx; done; touch stop; wait");

        assertThat(ended.all()).doesNotContain(RootSide.SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/cron.d/obuilder-attack", "../../etc/cron.d/obuilder-attack", "link/obuilder-attack"})
    void asResult(String file) throws Exception {
        RootSide.Ended ended = refused("ln -sfn /etc/cron.d link; " + BUILD + "--result " + file + " ctx");

        assertThat(ended.err()).contains("cannot write the result");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/shadow", "../../etc/shadow", "link"})
    void asSpec(String file) throws Exception {
        assertThat(refused("ln -sf /etc/shadow link; obuilder build -f " + file + " ctx")
                        .err())
                .contains("cannot read the spec");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cp evil $base/prefix/obuilder-engine.jar",
                "mv evil $base/prefix/obuilder-engine.jar",
                "cp evil $wrapper",
                "mv evil $wrapper",
                "rm $wrapper",
                "ln -sf evil $base/prefix/tmp/x",
                "ls $base/prefix/tmp",
                "touch $base/prefix/run/build-0.lock",
                "mv $base/prefix $base/other",
                "cp evil /etc/obuilder/agent.conf",
                "cp evil /etc/obuilder/agent.conf.new",
                "mv /etc/obuilder /etc/other",
                "cp evil /etc/sudoers.d/obuilder",
                "cat /etc/sudoers.d/obuilder",
                "ls $base/store",
                "cat $base/store/state/owners/*",
            })
    void byReplacingWhatIsInstalled(String attempt) throws Exception {
        RootSide.Ended ended = refused("echo evil > evil; " + attempt);

        assertThat(ended.err()).containsAnyOf("ermission denied", "not permitted", "No such file");
        assertThat(side.asUser("sudo -n $wrapper").status()).isZero();
    }

    /** What an administrator did by mistake is no way either: the wrapper looks before it runs anything. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "chown obcaller PREFIX/obuilder-engine.jar | chown root PREFIX/obuilder-engine.jar",
                "chmod o+w PREFIX/obuilder-engine.jar      | chmod o-w PREFIX/obuilder-engine.jar",
                "chmod 777 PREFIX                          | chmod 755 PREFIX",
                "chmod 1777 PREFIX                         | chmod 755 PREFIX",
                "chmod g+w PREFIX/..                       | chmod g-w PREFIX/..",
                "chmod 777 PREFIX/tmp                      | chmod 700 PREFIX/tmp",
                "setfacl -m u:obcaller:rwx PREFIX          | setfacl -b PREFIX",
                "chmod o+w /etc/obuilder/agent.conf        | chmod o-w /etc/obuilder/agent.conf",
                "chown obcaller /etc/obuilder/agent.conf   | chown root /etc/obuilder/agent.conf",
                "chmod 777 /etc/obuilder                   | chmod 755 /etc/obuilder",
            })
    void byWhatOthersMayWriteTo(String mistake, String mended) throws Exception {
        change(mistake);
        try {
            assertThat(refused("sudo -n $wrapper").err())
                    .contains("refuses to run, because others than root could change");
        } finally {
            change(mended);
        }
        assertThat(side.asUser("sudo -n $wrapper").status()).isZero();
    }

    private static void change(String command) throws IOException {
        Tools.run(Path.of("/"), "sh", "-ec", command.replace("PREFIX", side.prefix.toString()));
    }

    @Test
    void byAStoreThatOthersMayWriteTo() throws Exception {
        change("mkdir -p /home/obcaller/s && chown obcaller /home/obcaller/s");
        Files.writeString(RootSide.CONF, "store = overlayfs:/home/obcaller/s\ncaller-images = yes\n");

        assertThat(refused(BUILD + "ctx").err())
                .contains("agent.conf:1: store = overlayfs:/home/obcaller/s: it must be writable for root alone, but")
                .contains("/home/obcaller belongs to the user");
    }

    @Test
    void byAnImageOfTheConfigurationThatOthersCanReplace() throws Exception {
        side.configure("image = busybox=dir:/home/obcaller/tree");

        RootSide.Ended ended = refused("ln -sfn /root tree; obuilder build -f a.spec ctx");

        assertThat(ended.err()).contains("agent.conf:2: image = busybox=dir:/home/obcaller/tree: it must be writable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "memory lots           | agent.conf:2: write KEY = VALUE",
                "memroy = 1G           | agent.conf:2: there is no key \"memroy\". Did you mean \"memory\"?",
                "memory = lots         | agent.conf:2: memory = lots: write a size such as 500M or 20G",
                "secrets = perhaps     | agent.conf:2: secrets = perhaps: write yes or no",
            })
    void byAConfigurationThatIsWrong(String line, String message) throws Exception {
        side.configure(line);

        assertThat(refused(BUILD + "ctx").err()).contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sudo -n $wrapper serve --config=/home/obcaller/agent.conf",
                "sudo -n $wrapper --help",
                "sudo -n $wrapper ''",
                "sudo -n $wrapper build -f /etc/shadow",
                "sudo -n $base/prefix/../prefix/obuilder-agent x",
                "sudo -n /bin/sh -c id",
                "sudo -n java -jar $base/engine.jar --version",
                "sudo -n -u daemon $wrapper",
                "sudo -n -g root -u obcaller $wrapper",
                "sudo -n -E $wrapper",
                "sudo -n -D /tmp $wrapper",
                "sudo -n -R /home/obcaller $wrapper",
                "sudo -n -C 9 $wrapper",
                "sudo -n -s $wrapper",
                "sudo -n -i $wrapper",
                "sudo -n LD_PRELOAD=/home/obcaller/evil.so $wrapper",
                "sudo -n JAVA_TOOL_OPTIONS=-Devil=1 $wrapper",
                "sudo -n PATH=/home/obcaller $wrapper",
                "sudoedit -n /etc/obuilder/agent.conf",
                "ln -sf $wrapper mine; sudo -n ./mine",
            })
    void byAnotherCommandThanTheWrapperAlone(String command) throws Exception {
        RootSide.Ended ended = refused(command + " < /dev/null");

        assertThat(ended.err()).startsWith("sudo").doesNotContain("Picked up", "evil.so");
    }

    @Test
    void theWrapperWithoutSudoIsRootForNobody() throws Exception {
        assertThat(refused("$wrapper").err()).contains("is for sudo to run");
        assertThat(refused("$wrapper serve --config=agent.conf").err()).contains("takes no arguments");
    }

    @Test
    void bySignals() throws Exception {
        try (Gate gate = Gate.closed()) {
            spec(Specs.run(gate.pass("step"), "(network host)"));
            try (RootSide.Running running = side.startAsUser(BUILD + "ctx")) {
                gate.awaitArrivals(1);
                for (String signal : List.of("TERM", "KILL", "STOP", "HUP", "QUIT", "USR1", "SEGV")) {
                    for (long pid : side.rootProcesses()) {
                        assertThat(refused("kill -" + signal + " " + pid).err()).containsIgnoringCase("not permitted");
                    }
                }
                gate.letThrough();

                assertThat(running.end().status()).isZero();
            }
        }
    }

    @Test
    void byDyingInTheMiddle() throws Exception {
        spec(Specs.run("echo begun-$$; trap '' TERM INT HUP; sleep 7302"));
        try (RootSide.Running running = side.startAsUser(
                "obuilder_itself build -f a.spec --image busybox=tar:$image ctx & echo $! > pid; wait")) {
            running.awaitOutput("\nbegun-");
            assertThat(side.rootProcesses()).hasSize(1);
            side.asUser("kill -KILL $(cat pid)");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> side.rootProcesses().isEmpty());
        }
    }

    @Test
    void withoutSudosPermissionTheMessageSaysWhatToDo() throws Exception {
        Tools.run(Path.of("/"), "mv", RootSide.SUDOERS.toString(), "/etc/obuilder-sudoers");
        try {
            RootSide.Ended ended = refused(BUILD + "--result result.json ctx");

            assertThat(ended.err())
                    .contains("builds need root, and this runs as the user obcaller")
                    .contains("sudo does not let the user obcaller run " + side.wrapper())
                    .contains("java -jar " + side.jar + " install --user obcaller");
            assertThat(Files.readString(side.home.resolve("result.json"))).contains("install --user obcaller");
        } finally {
            Tools.run(Path.of("/"), "mv", "/etc/obuilder-sudoers", RootSide.SUDOERS.toString());
        }
        assertThat(refused("obuilder build --wrapper=/nonexistent/x -f a.spec ctx")
                        .err())
                .contains("specified only once");
    }

    @Test
    void strangeSurroundingsChangeNothing() throws Exception {
        spec(Specs.copy(".", "/src/"), Specs.run("ls -ld /src /src/mine; cat /src/mine"));
        RootSide.Ended ended = side.asUser("cp a.spec /tmp/a.spec; cd /tmp; umask 0000;"
                + " ulimit -S -n 64; ulimit -S -f 2048; ulimit -S -t 60; trap '' PIPE CHLD;"
                + " export TMPDIR=/nonexistent HOME=/root;"
                + " obuilder build -f /tmp/a.spec --image busybox=tar:$image /home/obcaller/ctx");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.out()).contains("drwxr-xr-x").contains("-rw-r--r--").contains("mine");
        assertThat(Files.getPosixFilePermissions(side.base.resolve("store")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Tools.run(side.base, "find", "store", "prefix", "!", "-type", "l", "-perm", "/022"))
                .isEmpty();
        // Where root may not raise them, as in some containers, those that cannot be kept to end the build, no more.
        side.asUser("ulimit -n 64; ulimit -f 2048; ulimit -v 4000000; " + BUILD + "ctx");
        assertThat(side.asUser("umask 0777; sudo -n $wrapper").status()).isZero();
    }

    @Test
    void aDirectoryThatIsGoneIsNoMatter() throws Exception {
        RootSide.Ended ended = side.asUser("mkdir gone; cd gone; rmdir ../gone; sudo -n $wrapper");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.out()).contains("\"protocol\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<&-", ">&-", "2>&-", "<&- >&- 2>&-", "< /dev/null > /dev/full", "< /dev/zero > /dev/null"})
    void closedDescriptorsEndIt(String descriptors) throws Exception {
        side.asUser("sudo -n $wrapper " + descriptors);
        await().atMost(Duration.ofSeconds(30)).until(() -> side.rootProcesses().isEmpty());
    }
}
