package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The command {@code docker}: asks the daemon for images. Leaves nothing there but the images themselves. */
public final class DockerClient {
    /** What {@code docker} accepts, and never an option. */
    private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,400}");

    /** Large images over slow networks. */
    private static final Duration LONG = Duration.ofHours(2);

    /** Which daemon, and how to speak to it. */
    private static final List<String> VARIABLES = List.of(
            "DOCKER_HOST",
            "DOCKER_CONTEXT",
            "DOCKER_CONFIG",
            "DOCKER_TLS_VERIFY",
            "DOCKER_CERT_PATH",
            "DOCKER_API_VERSION",
            "HOME");

    private final Commands commands;
    private final Map<String, String> environment;
    private final Consumer<String> progress;
    private final Cancellation cancellation;

    /**
     * Does nothing yet.
     *
     * @param environment of this process: it says which daemon
     * @param progress told what {@code docker} says while it pulls
     */
    public DockerClient(
            Commands commands, Map<String, String> environment, Consumer<String> progress, Cancellation cancellation) {
        this.commands = commands;
        this.environment = Map.copyOf(environment);
        this.progress = progress;
        this.cancellation = cancellation;
    }

    boolean isInstalled() {
        return commands.find("docker").isPresent();
    }

    /** Whether this can be an image's name. */
    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    /** What the daemon says of an image, which is pulled when it is not there. */
    JsonDocument inspect(String reference) throws IOException {
        HostCommand ask = command("look at the image " + reference, "image", "inspect", reference);
        CommandResult answer = commands.execute(ask);
        if (!answer.succeeded()) {
            if (!answer.errorText().contains("No such image")) {
                throw failed("cannot look at the image " + reference, answer);
            }
            pull(reference);
            answer = commands.run(ask);
        }
        List<JsonDocument> images = JsonDocument.parseList("what docker says of " + reference, answer.output());
        if (images.size() != 1) {
            throw new ImageException("docker knows " + images.size() + " images " + reference + "; name one");
        }
        return images.get(0);
    }

    private void pull(String reference) throws IOException {
        progress.accept("pulling docker:" + reference);
        Lines lines = new Lines(progress);
        CommandResult result = commands.execute(command("pull the image " + reference, "pull", reference)
                .within(LONG)
                .streamTo(lines));
        if (!result.succeeded()) {
            throw new ImageException("cannot pull the image " + reference + ": docker says: " + lines.last()
                    + "; give its full name, or another source with --image");
        }
    }

    /**
     * Writes an image into a new file, as {@code docker save} does: that keeps the layers as they are. The file is written here: docker
     * would go on with it when this process was killed, but ends at once when nobody reads what it says.
     */
    void save(String id, Path file) throws IOException {
        try (OutputStream archive = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            commands.run(
                    command("save the image " + id, "save", id).within(LONG).streamOutputTo(archive));
        }
    }

    private HostCommand command(String doing, String... arguments) {
        HostCommand command = HostCommand.of(doing, "docker").args(arguments).cancelledBy(cancellation);
        for (String name : VARIABLES) {
            Optional<String> value = Optional.ofNullable(environment.get(name));
            if (value.isPresent()) {
                command = command.env(name, Bytes.ofText(value.get()));
            }
        }
        return command;
    }

    private static ImageException failed(String what, CommandResult result) {
        String complaint = result.complaint().replaceFirst("\\. Is the docker daemon running\\?$", "");
        return new ImageException(what + ": docker says: " + complaint
                + "; start its daemon, or say with DOCKER_HOST which one this user may ask");
    }

    /** Passes on what is written to it line by line, and keeps the last one. */
    private static final class Lines extends OutputStream {
        private final Consumer<String> progress;
        private final StringBuilder line = new StringBuilder();
        private String last = "nothing";

        Lines(Consumer<String> progress) {
            this.progress = progress;
        }

        @Override
        public synchronized void write(int b) {
            if (b != '\n' && b != '\r') {
                line.append((char) (b & 0xff));
            } else if (line.length() > 0) {
                last = Bytes.toText(line.toString());
                line.setLength(0);
                progress.accept(last);
            }
        }

        synchronized String last() {
            write('\n');
            return last;
        }
    }
}
