package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** In JVMs of their own, since what a process ignores is inherited. */
class UsualSignalsTest {
    private static final long HUP_INT_QUIT_TERM = 1 | 1 << 1 | 1 << 2 | 1 << 14;

    /** Prints what a command that is run from the main thread, and from another, ignores and blocks. */
    static final class Starter {
        public static void main(String[] args) throws Exception {
            Runnable run = () -> {
                try {
                    System.out.println(new SystemCommands()
                            .execute(HostCommand.of("see", "grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"))
                            .text());
                } catch (HostException e) {
                    throw new IllegalStateException(e);
                }
            };
            run.run();
            Thread other = new Thread(run);
            other.start();
            other.join();
            if (args.length > 0) {
                new ProcessBuilder("sh", "-c", "kill -HUP $PPID; kill -INT $PPID; kill -TERM $PPID")
                        .start()
                        .waitFor();
                TimeUnit.MILLISECONDS.sleep(500);
                System.out.println("still here");
            }
        }
    }

    private static List<String> starter(String before, String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", before + "; exec \"$@\"", "sh"));
        argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        argv.addAll(List.of("-cp", System.getProperty("java.class.path"), Starter.class.getName()));
        argv.addAll(List.of(arguments));
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
    }

    @Test
    void whatTheCallerIgnoresCommandsDoNot() throws Exception {
        List<String> lines = starter("trap '' HUP INT QUIT TERM", "signals");
        assertThat(lines).hasSize(5).endsWith("still here");
        assertNothingKept(lines.subList(0, 4));
    }

    @Test
    void whatJavaBlocksIsNotBlockedInCommands() throws Exception {
        List<String> lines = starter(":");
        assertThat(lines).hasSize(4);
        assertNothingKept(lines);
    }

    private static void assertNothingKept(List<String> status) {
        assertThat(status).allSatisfy(line -> {
            assertThat(line).matches("Sig(Blk|Ign):\\t[0-9a-f]{16}");
            assertThat(Long.parseUnsignedLong(line.substring(line.length() - 16), 16) & HUP_INT_QUIT_TERM)
                    .isZero();
        });
    }
}
