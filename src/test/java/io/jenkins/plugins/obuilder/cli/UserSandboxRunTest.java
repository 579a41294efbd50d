package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.Processes;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.UserSettings;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user sandbox through the command, with real accounts. */
@Needs({Need.PRIVATE_ROOT, Need.RSYNC})
class UserSandboxRunTest {
    private static final UserSettings SETTINGS = UserSettings.LINUX;
    private static final String HOME = SETTINGS.home().toString();

    /** Longer than any test: it is there at the end only when nobody ended it. */
    private static final String FOREVER = "sleep 7301";

    @TempDir
    Path directory;

    private Workbench bench;
    private Path base;

    @BeforeEach
    void makeBase() throws IOException {
        base = Files.createDirectories(directory.resolve("base home"));
        Files.writeString(base.resolve(".obuilder_profile.sh"), "export PROFILE=read\n");
        bench = new Workbench(directory, "rsync").with("--image", "home=dir:" + base);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        bench.assertNothingTemporary();
        LinuxAccounts accounts = new LinuxAccounts(new SystemCommands());
        for (int uid = SETTINGS.firstUid(); uid < SETTINGS.firstUid() + 3; uid++) {
            assertThat(accounts.userName(uid)).isEmpty();
            assertThat(accounts.groupName(uid)).isEmpty();
            assertThat(Processes.ofUser(uid)).isEmpty();
        }
        assertThat(SETTINGS.home()).doesNotExist();
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse(""))
                        .filter(line -> line.contains(FOREVER)))
                .isEmpty();
    }

    private static String spec(String... ops) {
        return "((from home) (workdir " + HOME + ") (shell /bin/sh -c)\n" + String.join("\n", ops) + ")";
    }

    private static String run(String command) {
        return "(run (shell \"" + command.replace("\\", "\\\\").replace("\"", "\\\"") + "\"))";
    }

    @Test
    void healthcheckTriesIt() {
        Shell shell = new Shell();

        assertThat(shell.run("healthcheck", "--store", "rsync:" + directory.resolve("s"), "--sandbox", "user"))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).isEqualTo("ok: rsync:" + directory.resolve("s") + " with user\n");
    }

    @Test
    void planAndBothCommandsAgreeOnTheIds() throws IOException {
        String spec = spec(run("echo hello > greeting"));

        assertThat(bench.run("plan", spec, "--sandbox", "user")).isZero();
        List<String> planned =
                bench.out().lines().map(line -> line.split(" ")[0]).toList();
        bench.mustBuild(spec, "--sandbox", "user");
        assertThat(bench.ids()).isEqualTo(planned);
        assertThat(bench.run("macos", spec)).isZero();
        assertThat(bench.ids()).isEqualTo(planned);
        assertThat(bench.hits()).isEqualTo(2);
    }

    @Test
    void aStepSeesTheHomeOfTheOneBeforeAndTheSecondBuildIsCached() throws IOException {
        String spec = spec(
                run("id -un; echo $PROFILE; pwd; echo \"$HOME\"; echo hello > greeting; mkdir -m 700 mine"),
                run("cat greeting; touch mine/too; echo export PROFILE=changed > .obuilder_profile.sh"),
                run("echo $PROFILE; ls ~; stat -c '%U %a' greeting mine"));

        String first = bench.mustBuild(spec, "--sandbox", "user");

        assertThat(bench.hits()).isZero();
        assertThat(first)
                .contains("\nob6000\nread\n" + HOME + "\n" + HOME + "\n--->")
                .contains("\nhello\n--->")
                .contains("\nchanged\ngreeting\nmine\nob6000 644\nob6000 700\n--->");
        List<String> ids = bench.ids();
        String second = bench.mustBuild(spec, "--sandbox", "user");
        assertThat(bench.ids()).isEqualTo(ids);
        assertThat(bench.hits()).isEqualTo(4);
        assertThat(second.replace("using", "saved as").replace(" from cache", ""))
                .isEqualTo(first);
    }

    /** Both nested builds wait until the other runs: each has an account of its own, and both find their home at the same path. */
    @Test
    @Needs(Need.OVERLAYFS)
    void nestedBuildsRunAtTheSameTimeEachInAHomeOfItsOwn() throws IOException {
        Path meeting = Files.createTempDirectory(Path.of("/srv"), "obuilder-test");
        Files.setPosixFilePermissions(meeting, PosixFilePermissions.fromString("rwxrwxrwx"));
        bench = new Workbench(directory, "overlayfs").with("--image", "home=dir:" + base, "--sandbox", "user");
        String wait = "; n=0; until [ -e " + meeting + "/OTHER ]; do sleep 0.05; n=$((n + 1)); [ $n -lt 400 ]; done";
        try {
            bench.mustBuild("((build a "
                    + spec(run("set -e; id -u > out; cd; pwd >> out; touch " + meeting + "/a"
                            + wait.replace("OTHER", "b")))
                    + ")\n"
                    + "(build b "
                    + spec(run("set -e; id -u > out; cd; pwd >> out; touch " + meeting + "/b"
                            + wait.replace("OTHER", "a")))
                    + ")\n"
                    + spec(
                                    "(copy (from (build a)) (src out) (dst from-a))",
                                    "(copy (from (build b)) (src out) (dst from-b))",
                                    run("cat from-a from-b; stat -c %U from-a from-b"))
                            .substring(1));
        } finally {
            Tools.run(Path.of("/"), "rm", "-r", meeting.toString());
        }

        String end = "\n" + HOME + "\nob6000\nob6000\n--->";
        assertThat(bench.out()).containsAnyOf("\n6000\n" + HOME + "\n6001" + end, "\n6001\n" + HOME + "\n6000" + end);
    }

    @Test
    void aBuildThatTakesTooLongEndsWithAllItStarted() throws IOException {
        int status = bench.build(
                spec(run("trap '' TERM; (setsid " + FOREVER + " &); " + FOREVER)),
                "--sandbox",
                "user",
                "--timeout",
                "1s");

        assertThat(status).isEqualTo(124);
        assertThat(bench.err()).contains("it took longer than --timeout 1s");
        bench.mustBuild(spec(), "--sandbox", "user");
        assertThat(bench.err()).as("nothing is left to be repaired").isEmpty();
    }

    @Test
    void whatAStepLeavesRunningEndsWithIt() throws IOException {
        bench.mustBuild(
                spec(run("setsid sh -c 'trap \"\" TERM HUP; " + FOREVER + " & " + FOREVER + "' & (setsid setsid "
                        + FOREVER + " > /dev/null 2>&1 < /dev/null &); while [ $(ps -eo args | grep -c '^" + FOREVER
                        + "') -lt 3 ]; do sleep 0.01; done; echo started")),
                "--sandbox",
                "user");

        assertThat(bench.out()).contains("\nstarted\n---> saved");
    }

    @Test
    void aFailedStepLeavesNothingEither() throws IOException {
        assertThat(bench.build(spec(run("(setsid " + FOREVER + " &); exit 3")), "--sandbox", "user"))
                .isEqualTo(1);

        assertThat(bench.err()).contains("exit status 3");
    }

    @Test
    void copyGoesBelowTheHomeAndBelongsToTheAccount() throws IOException {
        Files.createDirectories(bench.context.resolve("tree/sub"));
        Files.writeString(bench.context.resolve("tree/sub/file"), "text");
        Files.createSymbolicLink(bench.context.resolve("tree/link"), Path.of("sub/file"));
        Files.writeString(bench.context.resolve("tool"), "#!/bin/sh\necho tool\n");
        assertThat(bench.context.resolve("tool").toFile().setExecutable(true)).isTrue();

        bench.mustBuild(
                spec(
                        "(copy (src tree) (dst there/))",
                        "(copy (src tool) (dst " + HOME + "/bin/tool))",
                        run("cat there/tree/link; bin/tool; echo more >> there/tree/sub/file")),
                "--sandbox",
                "user");

        assertThat(bench.out()).contains("\ntexttool\n");
        bench.inspect(rootfs -> {
            Map<String, String> found = TreeListing.of(rootfs);
            assertThat(found.get("there/tree/sub/file")).startsWith("f 644 6000:6000 ");
            assertThat(found.get("there/tree/sub")).startsWith("d 755 6000:6000 ");
            assertThat(found.get("there/tree/link")).startsWith("l 777 6000:6000 ");
            assertThat(found.get("bin/tool")).startsWith("f 755 6000:6000 ");
        });
    }

    @Test
    void copyToAnywhereElseIsAnErrorThatSaysSo() throws IOException {
        Files.writeString(bench.context.resolve("file"), "text");
        for (String place : List.of("/etc/file", "/home/", HOME + "/../file", HOME + "x", "../file")) {
            assertThat(bench.build(spec("(copy (src file) (dst " + place + "))"), "--sandbox", "user"))
                    .as(place)
                    .isEqualTo(1);
            assertThat(bench.err())
                    .contains("cannot copy to ")
                    .contains("the user sandbox has only the home, " + HOME)
                    .contains("a.spec:2:1");
        }
        assertThat(Path.of("/etc/file")).doesNotExist();
    }

    @Test
    void aLinkInTheHomeLeadsNoCopyOut() throws IOException {
        Files.writeString(bench.context.resolve("file"), "text");
        Path outside = Files.createDirectories(directory.resolve("outside"));
        bench.build(
                spec(
                        run("ln -s " + outside + " out; ln -s /etc etc"),
                        "(copy (src file) (dst out/))",
                        "(copy (src file) (dst etc/))"),
                "--sandbox",
                "user");

        assertThat(outside).isEmptyDirectory();
        assertThat(Path.of("/etc/file")).doesNotExist();
    }
}
