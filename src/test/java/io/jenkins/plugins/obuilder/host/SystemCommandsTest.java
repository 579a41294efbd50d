package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemCommandsTest {
    private final Commands commands = new SystemCommands();

    @TempDir
    Path tmp;

    private static HostCommand sh(String script, String... arguments) {
        return HostCommand.of("test", "sh", "-c", script, "sh").args(arguments);
    }

    @Test
    void keepsOutputErrorsAndStatusApart() throws Exception {
        CommandResult result = commands.execute(sh("echo out; echo err >&2; exit 3"));
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.text()).isEqualTo("out");
        assertThat(result.errorText()).isEqualTo("err");
    }

    @Test
    void aFailureTellsWhatWhichAndWhatWasSaid() {
        assertThatExceptionOfType(CommandFailedException.class)
                .isThrownBy(() -> commands.run(
                        HostCommand.of("open the box", "sh", "-c", "echo it is locked >&2; exit 7", "a b")))
                .withMessage(
                        "cannot open the box: sh -c 'echo it is locked >&2; exit 7' 'a b' failed with exit status 7: it is locked")
                .satisfies(e -> assertThat(e.status()).isEqualTo(7));
    }

    @Test
    void aSignalIsNamed() {
        assertThatExceptionOfType(CommandFailedException.class)
                .isThrownBy(() -> commands.run(sh("kill -TERM $$")))
                .withMessageContaining("exit status 143 (signal 15)");
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> commands.run(HostCommand.of("weave", "no-such-loom")))
                .withMessageContaining("cannot weave: no-such-loom is not installed");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> commands.run(HostCommand.of("weave", "/no/such/loom")))
                .withMessage("cannot weave: there is no program /no/such/loom");
    }

    @Test
    void inheritsNoEnvironment() throws Exception {
        CommandResult result = commands.run(HostCommand.of("look", "env").env("GREETING", "hi there"));
        assertThat(result.lines())
                .containsExactlyInAnyOrder(
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "LC_ALL=C",
                        "GREETING=hi there");
    }

    @Test
    void aBareEnvironmentHasWhatIsSaidAlone() throws Exception {
        assertThat(commands.run(HostCommand.of("look", "env").bareEnvironment().env("A", "b"))
                        .text())
                .isEqualTo("A=b");
    }

    @Test
    void argumentsAndVariablesAreAnyBytes() throws Exception {
        String odd = "\u00ff\u00e9\\0101%b\n \t'\"$(echo no)\u0001\n\n";
        CommandResult result = commands.run(HostCommand.of("print", "sh", "-c", "printf '%s|' \"$@\" \"$ODD\"", "sh")
                .byteArg("plain")
                .byteArg(odd)
                .byteArg("")
                .env("ODD", odd));
        assertThat(Bytes.of(result.output())).isEqualTo("plain|" + odd + "||" + odd + "|");
    }

    @Test
    void textTravelsAsUtf8() throws Exception {
        assertThat(commands.run(HostCommand.of("print", "printf", "%s", "Grüße"))
                        .text())
                .isEqualTo("Grüße");
    }

    @Test
    void readsItsInputHoweverLong() throws Exception {
        byte[] input = new byte[1 << 20];
        Arrays.fill(input, (byte) 'x');
        assertThat(commands.run(HostCommand.of("count", "wc", "-c").input(input))
                        .text())
                .isEqualTo("1048576");
        assertThat(commands.run(HostCommand.of("do nothing", "true").input(input))
                        .text())
                .isEmpty();
    }

    @Test
    void runsInItsDirectory() throws Exception {
        assertThat(commands.run(HostCommand.of("look", "pwd").in(tmp)).text()).isEqualTo(tmp.toString());
    }

    @Test
    void streamsBothOutputsInOrder() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        commands.run(sh("echo 1; echo 2 >&2; printf '3\\377'").streamTo(log));
        assertThat(Bytes.of(log.toByteArray())).isEqualTo("1\n2\n3\u00ff");
    }

    @Test
    void killsAllThatItStartedWhenItTakesTooLong() throws Exception {
        Path pid = tmp.resolve("pid");
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> commands.run(sh("echo on my way; sleep 1000 & echo $! > \"$1\"; wait", pid.toString())
                        .within(Duration.ofSeconds(1))))
                .withMessageContaining("took longer than 1 s: on my way");
        assertGone(Files.readString(pid).strip());
    }

    @Test
    void aCancelledCommandDiesWithAllThatItStarted() throws Exception {
        Path pid = tmp.resolve("pid");
        Cancellation cancellation = new Cancellation();
        new Thread(() -> {
                    await().until(() -> Files.exists(pid) && Files.size(pid) > 0);
                    cancellation.cancel("nobody wants it");
                })
                .start();
        assertThatExceptionOfType(CommandCancelledException.class)
                .isThrownBy(() -> commands.run(sh("sleep 1000 & echo $! > \"$1\"; wait", pid.toString())
                        .untilCancelled(cancellation)))
                .withMessage("did not test: nobody wants it");
        assertGone(Files.readString(pid).strip());
    }

    @Test
    void doesNotBeginWhenCancelledBefore() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel("too late");
        Path trace = tmp.resolve("trace");
        assertThatExceptionOfType(CommandCancelledException.class)
                .isThrownBy(() -> commands.run(
                        HostCommand.of("leave a trace", "touch").arg(trace).cancelledBy(cancellation)));
        assertThat(trace).doesNotExist();
    }

    @Test
    void aDaemonThatHoldsTheOutputIsEnded() throws Exception {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        CommandResult result = commands.run(sh("sleep 1000 & echo started").streamTo(log));
        assertThat(result.succeeded()).isTrue();
        assertThat(log.toString(UTF_8)).isEqualTo("started\n");
    }

    @Test
    void aCommandNeedNotWaitForWhoReadsItsOutputSlowly() throws Exception {
        Path written = tmp.resolve("written");
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        OutputStream slow = new OutputStream() {
            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] buffer, int offset, int length) {
                await().until(() -> Files.exists(written));
                log.write(buffer, offset, length);
            }
        };
        commands.run(sh("head -c 1000000 /dev/zero && echo > \"$1\"", written.toString())
                .streamTo(slow));
        assertThat(log.size()).isEqualTo(1_000_000);
    }

    @Test
    void whenTheOutputCannotBeWrittenTheCommandEnds() {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> commands.run(sh("while :; do echo y; done").streamTo(full)))
                .withMessageContaining("cannot pass on the output")
                .withMessageContaining("No space left on device");
    }

    /** Whatever the reason is. */
    @Test
    void aFaultInWhatTakesTheOutputEndsTheCommand() {
        OutputStream faulty = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("it is closed");
            }
        };
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> commands.run(sh("while :; do echo y; done").streamTo(faulty)))
                .withMessageContaining("cannot pass on the output")
                .withMessageContaining("it is closed");
    }

    @Test
    void endlessOutputIsNotKept() {
        assertThatExceptionOfType(HostException.class)
                .isThrownBy(() -> commands.run(HostCommand.of("listen", "yes")))
                .withMessageContaining("it wrote more than " + SystemCommands.OUTPUT_CAP);
    }

    @Test
    void onlyTheEndOfTheErrorsIsKept() throws Exception {
        CommandResult result = commands.execute(sh("yes error | head -c 1000000 >&2; echo last >&2"));
        assertThat(result.errors().length).isBetween(60_000, 70_000);
        assertThat(result.errorText()).endsWith("last");
        assertThat(result.complaint()).hasSizeLessThan(2100).endsWith("last");
    }

    @Test
    void findsProgramsInItsPathOnly() throws Exception {
        Path tool = Files.writeString(tmp.resolve("tool"), "#!/bin/sh\necho mine\n");
        assertThat(tool.toFile().setExecutable(true)).isTrue();
        Commands other = new SystemCommands(List.of(tmp));
        assertThat(other.find("tool")).contains(tool);
        assertThat(other.find("sh")).isEmpty();
        assertThat(other.run(HostCommand.of("ask", "tool")).text()).isEqualTo("mine");
    }

    /** Gone, or a zombie that waits for a process number 1 that reaps, as containers often lack. */
    private static void assertGone(String pid) {
        Path stat = Path.of("/proc", pid, "stat");
        await().ignoreException(NoSuchFileException.class)
                .until(() -> !Files.exists(stat) || Files.readString(stat).contains(") Z "));
    }

    /** A command that has no time limit and is cancelled while it waits in the kernel: a minute later it is given up. */
    @Test
    @Tag("long")
    @Needs({Need.PRIVATE_ROOT, Need.FUSE})
    void whatCannotBeKilledIsNotWaitedForWithoutEnd(@TempDir Path directory) throws Exception {
        Path hanging = Files.createDirectory(directory.resolve("hanging"));
        Process fileSystem = new ProcessBuilder("src/test/sh/hanging-file-system", hanging.toString()).start();
        try {
            assertThat(fileSystem.inputReader().readLine()).isEqualTo("ready");
            Cancellation cancellation = new Cancellation();
            new Thread(() -> {
                        await().until(() -> Files.exists(directory.resolve("hanging.asked")));
                        cancellation.cancel("enough");
                    })
                    .start();
            HostCommand command =
                    HostCommand.of("read", "cat").arg(hanging.resolve("file")).untilCancelled(cancellation);
            assertThatThrownBy(() -> new SystemCommands().execute(command))
                    .isInstanceOf(HostException.class)
                    .hasMessageContaining("was killed and does not go");
        } finally {
            fileSystem.destroyForcibly().waitFor();
            Tools.run(directory, "umount", hanging.toString());
        }
    }
}
