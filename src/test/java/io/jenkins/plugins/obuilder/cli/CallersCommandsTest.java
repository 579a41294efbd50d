package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes over the pipe in place of a command line. */
class CallersCommandsTest {
    private static final String ID = "0".repeat(64);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "delete",
                "clean",
                "install",
                "uninstall",
                "serve",
                "obuilderfs",
                "base",
                "healthcheck",
                "",
                "LS",
                "ls ",
                "../ls",
                "@/etc/shadow"
            })
    void otherCommandsAreRefused(String command) {
        assertThatThrownBy(() -> CallersCommands.parse(command, List.of()))
                .isInstanceOf(UserException.class)
                .hasMessage("the command " + command
                        + " is not a caller's to have done: build, df, doctor, log, ls, prune are");
    }

    @ParameterizedTest
    @CsvSource({
        "ls, --store=overlayfs:/home/x",
        "ls, --log-commands=/etc/cron.d/x",
        "ls, --wrapper=/bin/sh",
        "ls, --rsync-mode=copy",
        "ls, --help",
        "ls, --version",
        "ls, --js",
        "ls, -h",
        "ls, --",
        "ls, ''",
        "ls, @/etc/shadow",
        "df, /etc/shadow",
        "log, ../../../etc/shadow",
        "log, --json",
        "log, @/etc/shadow",
        "doctor, --repair",
        "doctor, --store=rsync:/",
        "prune, --store=rsync:/",
        "prune, @/etc/shadow",
        "prune, --all",
        "prune, ls"
    })
    void otherArgumentsAreRefused(String command, String argument) {
        assertThatThrownBy(() -> CallersCommands.parse(command, List.of(argument)))
                .isInstanceOf(UserException.class)
                .hasMessage("the argument " + argument + " is not a caller's to say");
    }

    /** Each is a value, and none leads to a file or a variable. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prune --limit              | Missing required parameter",
                "prune --limit=@/etc/shadow | is not an int",
                "prune --max-items=${sys:user.home} | is not an int",
                "prune --json=@/etc/shadow  | is not a boolean",
                "log                        | Missing required parameter",
            })
    void wrongValuesAreRefused(String line, String message) {
        List<String> words = Arrays.asList(line.split(" "));
        assertThatThrownBy(() -> CallersCommands.parse(words.get(0), words.subList(1, words.size())))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ls --json", "df", "doctor --json", "prune --max-items=3 --dry-run", "log ID"})
    void theAllowedOnesAreCommands(String line) throws UserException {
        List<String> words = Arrays.asList(line.replace("ID", ID).split(" "));
        assertThat(CallersCommands.parse(words.get(0), words.subList(1, words.size())))
                .isNotNull();
    }
}
