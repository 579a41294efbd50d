package hudson;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Computer;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;
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

    public <T> T act(final FileCallable<T> callable) throws IOException, InterruptedException {
        return callable.invoke(new File(remote), channel);
    }

    public @NonNull FilePath child(String relOrAbsolute) {
        return new FilePath(channel, new File(relOrAbsolute).isAbsolute() ? relOrAbsolute : remote + "/" + relOrAbsolute);
    }

    public void copyFrom(InputStream in) throws IOException, InterruptedException {
        Files.copy(in, Path.of(remote), StandardCopyOption.REPLACE_EXISTING);
    }

    public void deleteRecursive() throws IOException, InterruptedException {
        Path top = Path.of(remote);
        if (Files.exists(top)) {
            try (Stream<Path> paths = Files.walk(top)) {
                for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
                    Files.delete(path);
                }
            }
        }
    }

    public boolean delete() throws IOException, InterruptedException {
        return Files.deleteIfExists(Path.of(remote));
    }

    public boolean exists() throws IOException, InterruptedException {
        return Files.exists(Path.of(remote));
    }

    public VirtualChannel getChannel() {
        return channel;
    }

    public String getRemote() {
        return remote;
    }

    public void mkdirs() throws IOException, InterruptedException {
        Files.createDirectories(Path.of(remote));
    }

    public @CheckForNull Computer toComputer() {
        return null;
    }
}
