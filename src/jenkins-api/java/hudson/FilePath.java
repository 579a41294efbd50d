package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.remoting.Callable;
import hudson.remoting.Future;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import jenkins.agents.ControllerToAgentCallable;
import org.jenkinsci.remoting.RoleChecker;
import org.jenkinsci.remoting.RoleSensitive;

/** Stands for the class of the same name in Jenkins core. */
public final class FilePath {
    private final transient @CheckForNull VirtualChannel channel;
    private final String remote;

    public FilePath(@CheckForNull VirtualChannel channel, @NonNull String remote) {
        this.channel = channel;
        this.remote = remote;
    }

    public FilePath(@NonNull File localPath) {
        this(null, localPath.getPath());
    }

    /** Code that runs on the machine of the file. */
    public interface FileCallable<T> extends Serializable, RoleSensitive {
        T invoke(File f, VirtualChannel channel) throws IOException, InterruptedException;
    }

    /** As the real class does it: carries the code to the file's machine. */
    private static final class Wrapper<T> implements ControllerToAgentCallable<T, IOException> {
        private static final long serialVersionUID = 1L;

        private final FileCallable<T> callable;
        private final String remote;

        Wrapper(FileCallable<T> callable, String remote) {
            this.callable = callable;
            this.remote = remote;
        }

        @Override
        public T call() throws IOException {
            try {
                return callable.invoke(new File(remote), null);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    public <T> T act(final FileCallable<T> callable) throws IOException, InterruptedException {
        return channel != null ? channel.call(new Wrapper<>(callable, remote)) : callable.invoke(new File(remote), null);
    }

    public <T> Future<T> actAsync(final FileCallable<T> callable) throws IOException, InterruptedException {
        if (channel != null) {
            return channel.callAsync(new Wrapper<>(callable, remote));
        }
        Local<T> result = new Local<>(() -> callable.invoke(new File(remote), null));
        new Thread(result, "local").start();
        return result;
    }

    private static final class Local<T> extends FutureTask<T> implements Future<T> {
        Local(java.util.concurrent.Callable<T> work) {
            super(work);
        }
    }

    public <V, E extends Throwable> V act(Callable<V, E> callable) throws IOException, InterruptedException, E {
        return channel != null ? channel.call(callable) : callable.call();
    }

    public @NonNull FilePath child(String relOrAbsolute) {
        return new FilePath(channel, new File(relOrAbsolute).isAbsolute() ? relOrAbsolute : remote + "/" + relOrAbsolute);
    }

    /** Work on the file's machine, in few words. */
    private interface Work<T> {
        T on(Path path) throws IOException;
    }

    private static final class Small<T> implements FileCallable<T> {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final byte[] bytes;

        Small(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        @Override
        @SuppressWarnings("unchecked")
        public T invoke(File f, VirtualChannel channel) throws IOException {
            Work<?> work = switch (name) {
                case "write" -> path -> Files.write(path, bytes);
                case "delete" -> Files::deleteIfExists;
                case "exists" -> Files::exists;
                case "mkdirs" -> Files::createDirectories;
                default -> Small::deleteTree;
            };
            Object result = work.on(f.toPath());
            return (T) (result instanceof Boolean ? result : null);
        }

        private static Object deleteTree(Path top) throws IOException {
            if (Files.exists(top)) {
                try (Stream<Path> paths = Files.walk(top)) {
                    for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                        Files.delete(path);
                    }
                }
            }
            return null;
        }

        @Override
        public void checkRoles(RoleChecker checker) throws SecurityException {}
    }

    public void copyFrom(InputStream in) throws IOException, InterruptedException {
        act(new Small<Void>("write", in.readAllBytes()));
    }

    public void deleteRecursive() throws IOException, InterruptedException {
        act(new Small<Void>("deleteRecursive", null));
    }

    public boolean delete() throws IOException, InterruptedException {
        return act(new Small<Boolean>("delete", null));
    }

    public boolean exists() throws IOException, InterruptedException {
        return act(new Small<Boolean>("exists", null));
    }

    public VirtualChannel getChannel() {
        return channel;
    }

    public String getRemote() {
        return remote;
    }

    public void mkdirs() throws IOException, InterruptedException {
        act(new Small<Void>("mkdirs", null));
    }

    public @CheckForNull Computer toComputer() {
        return null;
    }
}
