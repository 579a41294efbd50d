package io.jenkins.plugins.obuilder.boundary;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.image.OfferedImages;
import io.jenkins.plugins.obuilder.testing.RootSide;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A program that speaks to the installed root side as a user, and says what it likes. */
final class HostileCaller implements Closeable {
    private static final Duration LIMIT = Duration.ofSeconds(120);

    final Process process;
    final RootConnection connection;

    /** Beside the connection: for frames that it would not send. */
    final FrameWriter out;

    private final Path err = Files.createTempFile("hostile-caller-", ".err");
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    private HostileCaller(List<String> argv) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(argv).directory(Path.of("/").toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        process = builder.start();
        connection = new RootConnection(process.getInputStream(), process.getOutputStream());
        out = new FrameWriter(process.getOutputStream());
    }

    /** Calls the wrapper through sudo, with what stands before it on the command line. */
    static HostileCaller of(RootSide side, String... before) throws IOException {
        List<String> argv = new ArrayList<>(List.of("runuser", "-u", RootSide.USER, "--"));
        argv.addAll(List.of(before));
        argv.addAll(List.of("sudo", "-n", side.wrapper().toString()));
        return new HostileCaller(argv);
    }

    /** The same, until it is greeted. */
    static HostileCaller greeted(RootSide side) throws IOException {
        HostileCaller caller = of(side);
        if (caller.connection.awaitHello().isEmpty()) {
            throw new IOException("no greeting: " + caller.said());
        }
        return caller;
    }

    /** A request for this spec. */
    static Request request(String spec, List<String> images, String... options) {
        return new Request(List.of(options), Optional.empty(), "spec", false, false, images, body(spec));
    }

    static byte[] body(String spec) {
        byte[] text = spec.getBytes(ISO_8859_1);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("obuilder-request 1\nspec " + text.length + "\n").getBytes(UTF_8));
        body.writeBytes(text);
        body.writeBytes("build\n".getBytes(UTF_8));
        return body.toByteArray();
    }

    /** Asks for a build, and answers what root asks. Returns the exit status; -1 when root ended without saying one. */
    int asks(Request request, RootConnection.Files answers) throws IOException {
        connection.request(request);
        return follow(answers);
    }

    int follow(RootConnection.Files answers) throws IOException {
        return connection
                .follow(told, told, answers)
                .map(RootConnection.Ending::exitStatus)
                .orElse(-1);
    }

    /** All that root has told so far, and what was said on standard error. */
    String said() throws IOException {
        return told.toString(UTF_8) + Files.readString(err, UTF_8);
    }

    /** Waits for its end. Returns the exit status. */
    int end() throws IOException {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("it does not end: " + said());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Answers questions about the image {@code busybox} truly, and others as these do. */
    static RootConnection.Files withImage(RootSide side, RootConnection.Files others) throws IOException {
        OfferedImages images = OfferedImages.of(List.of("busybox=tar:" + side.image), DigestMemory.none());
        CallerFiles truly = new CallerFiles(Path.of("/nonexistent"), images, new Cancellation());
        return (question, reply) -> {
            switch (Questions.read(question).question()) {
                case LIST, READ -> others.answer(question, reply);
                default -> truly.answer(question, reply);
            }
        };
    }

    /** Sends zeros until nobody takes them. */
    static void endless(OutputStream reply) throws IOException {
        byte[] zeros = new byte[1 << 16];
        while (true) {
            reply.write(zeros);
        }
    }

    static Map<String, String> environment(long pid) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String variable : Files.readString(Path.of("/proc/" + pid + "/environ"), ISO_8859_1)
                .split("\0")) {
            int equals = variable.indexOf('=');
            found.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // What was written last was not read: root has ended.
            told.writeBytes(e.toString().getBytes(UTF_8));
        }
        process.getInputStream().close();
    }
}
