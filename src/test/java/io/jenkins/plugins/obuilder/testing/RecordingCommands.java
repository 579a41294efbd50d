package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Runs nothing: remembers what it was asked and answers as it was told, by default with exit status 0 and no output.
 *
 * <pre>{@code
 * RecordingCommands commands = new RecordingCommands().answer("zfs list", CommandResult.of(0, "tank\n", ""));
 * assertThat(commands.lines()).containsExactly("zfs list -H");
 * }</pre>
 */
public final class RecordingCommands implements Commands {
    private record Answer(String prefix, Reply reply) {}

    /** What a command answers. */
    @FunctionalInterface
    public interface Reply {
        CommandResult to(HostCommand command) throws HostException;
    }

    private final List<HostCommand> ran = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final Set<String> missing = new HashSet<>();

    /** Commands whose line ({@link HostCommand#toString}) begins so are answered with this; the answer given last wins. */
    public synchronized RecordingCommands answer(String prefix, CommandResult result) {
        return answer(prefix, command -> result);
    }

    public synchronized RecordingCommands answer(String prefix, Reply reply) {
        answers.add(0, new Answer(prefix, reply));
        return this;
    }

    /** Makes a program missing. */
    public synchronized RecordingCommands without(String program) {
        missing.add(program);
        return this;
    }

    /** All commands so far, in order. */
    public synchronized List<HostCommand> commands() {
        return List.copyOf(ran);
    }

    /** All command lines so far, in order. */
    public synchronized List<String> lines() {
        return ran.stream().map(HostCommand::toString).toList();
    }

    @Override
    public Optional<Path> find(String program) {
        return missing.contains(program)
                ? Optional.empty()
                : Optional.of(Path.of("/usr/bin").resolve(program));
    }

    @Override
    public CommandResult execute(HostCommand command) throws HostException {
        Optional<Answer> answer;
        synchronized (this) {
            ran.add(command);
            answer = answers.stream()
                    .filter(a -> command.toString().startsWith(a.prefix()))
                    .findFirst();
        }
        return answer.isPresent() ? answer.get().reply().to(command) : CommandResult.of(0, "", "");
    }
}
