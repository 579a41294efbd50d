package io.jenkins.plugins.obuilder.agent;

import hudson.FilePath;
import hudson.remoting.Callable;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An agent: a JVM of its own, which gets code to run over a pipe and answers over another, several at once, as remoting does it. Its death is
 * the loss of the connection.
 */
final class SecondJvm implements VirtualChannel, AutoCloseable {
    private final Process process;
    private final DataOutputStream requests;
    private final Map<Long, CompletableFuture<byte[]>> open = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private SecondJvm(Process process) {
        this.process = process;
        requests = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        Thread answers = new Thread(this::answers, "answers");
        answers.setDaemon(true);
        answers.start();
    }

    /** @param options of the JVM */
    static SecondJvm start(String... options) throws IOException {
        return new SecondJvm(new ProcessBuilder(command(System.getProperty("java.class.path"), options))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /**
     * As another user.
     *
     * @param classPath what that user can read
     */
    static SecondJvm startAs(String user, Path home, String classPath) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--init-groups", "--"));
        command.addAll(command(classPath));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("PATH", System.getenv("PATH"), "HOME", home.toString(), "LC_ALL", "C.UTF-8"));
        return new SecondJvm(builder.start());
    }

    private static List<String> command(String classPath, String... options) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", classPath, SecondJvm.class.getName()));
        return command;
    }

    FilePath file(Path path) {
        return new FilePath(this, path.toString());
    }

    Process process() {
        return process;
    }

    /** As if the machine's power were cut, but for what the agent has started. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    private void answers() {
        try (DataInputStream in = new DataInputStream(process.getInputStream())) {
            while (true) {
                long id = in.readLong();
                byte[] answer = new byte[in.readInt()];
                in.readFully(answer);
                open.remove(id).complete(answer);
            }
        } catch (IOException e) {
            IOException lost = new IOException("the connection to the agent is lost", e);
            open.values().forEach(waiting -> waiting.completeExceptionally(lost));
        }
    }

    private static byte[] bytes(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    private static Object object(byte[] bytes) throws IOException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return in.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException(e);
        }
    }

    private CompletableFuture<byte[]> send(Object request) throws IOException {
        byte[] bytes = bytes(request);
        long id = next.incrementAndGet();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        open.put(id, answer);
        synchronized (requests) {
            requests.writeLong(id);
            requests.writeInt(bytes.length);
            requests.write(bytes);
            requests.flush();
        }
        return answer;
    }

    @Override
    public <V, T extends Throwable> V call(Callable<V, T> callable) throws IOException, T, InterruptedException {
        try {
            return SecondJvm.<V, T>value(send(callable).get());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <V, T extends Throwable> V value(byte[] answer) throws IOException, T {
        Answer result = (Answer) object(answer);
        if (result.thrown != null) {
            throw (T) result.thrown;
        }
        return (V) result.value;
    }

    @Override
    public <V, T extends Throwable> Future<V> callAsync(Callable<V, T> callable) throws IOException {
        Later<V> later = new Later<>();
        send(callable).whenComplete((bytes, lost) -> {
            try {
                if (lost != null) {
                    throw lost;
                }
                later.complete(SecondJvm.<V, Throwable>value(bytes));
            } catch (Throwable thrown) {
                later.completeExceptionally(thrown);
            }
        });
        return later;
    }

    private static final class Later<V> extends CompletableFuture<V> implements Future<V> {}

    private record Answer(Object value, Throwable thrown) implements Serializable {}

    /** The agent. */
    public static void main(String[] args) throws IOException {
        OutputStream pipe = System.out;
        System.setOut(System.err);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(pipe));
        InputStream in = System.in;
        DataInputStream requests = new DataInputStream(in);
        while (true) {
            long id;
            try {
                id = requests.readLong();
            } catch (EOFException e) {
                System.exit(0);
                return;
            }
            byte[] request = new byte[requests.readInt()];
            requests.readFully(request);
            new Thread(() -> answer(id, request, out), "request").start();
        }
    }

    private static void answer(long id, byte[] request, DataOutputStream out) {
        try {
            Answer answer;
            try {
                answer = new Answer(((Callable<?, ?>) object(request)).call(), null);
            } catch (Throwable thrown) {
                answer = new Answer(null, thrown);
            }
            byte[] bytes = bytes(answer);
            synchronized (out) {
                out.writeLong(id);
                out.writeInt(bytes.length);
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            System.exit(1);
        }
    }
}
