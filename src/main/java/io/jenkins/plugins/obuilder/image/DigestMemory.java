package io.jenkins.plugins.obuilder.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.host.RememberedText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the digests of large archives and trees, so that they are not read again at every build.
 *
 * <p>A digest is believed as long as a <em>state</em> (size, times, inode: what the file system changes by itself when contents change) is
 * the same. The change time cannot be set by programs, but is only as fine as the kernel's clock ticks: so, as in git's index, what
 * changed within the last seconds before it was read is not remembered at all.
 */
public final class DigestMemory {
    private static final Logger LOG = LoggerFactory.getLogger(DigestMemory.class);
    private static final Duration RACY = Duration.ofSeconds(2);

    private final Optional<Path> directory;

    private DigestMemory(Optional<Path> directory) {
        this.directory = directory;
    }

    /** Remembers nothing. */
    public static DigestMemory none() {
        return new DigestMemory(Optional.empty());
    }

    /** @param directory made when needed; whoever can write there decides what is believed, so only the user of this process should */
    public static DigestMemory in(Path directory) {
        return new DigestMemory(Optional.of(directory));
    }

    /** In the place for what programs of this process' user remember; nothing where the user has no home. */
    public static DigestMemory ofUser() {
        Path home = Path.of(System.getProperty("user.home"));
        return home.isAbsolute() && Files.isWritable(home)
                ? in(home.resolve(".cache").resolve("obuilder").resolve("digests"))
                : none();
    }

    /** What the file system says about a thing whose contents are to be known. */
    record State(String text, Instant newestChange) {}

    /** Finds the state of a thing, or computes its digest. */
    interface Finder<T> {
        T find() throws IOException;
    }

    /** The digest of a file's bytes. */
    Digest file(Path file) throws IOException {
        return digest(file, () -> state(file), () -> {
            try (Hasher hasher = Hasher.of("sha256");
                    InputStream in = Files.newInputStream(file)) {
                byte[] buffer = new byte[1 << 18];
                int n;
                while ((n = in.read(buffer)) >= 0) {
                    hasher.update(buffer, 0, n);
                }
                return hasher.digest();
            }
        });
    }

    private static State state(Path file) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime");
        FileTime ctime = (FileTime) attributes.get("ctime");
        FileTime mtime = (FileTime) attributes.get("lastModifiedTime");
        String text = "file " + attributes.get("dev") + " " + attributes.get("ino") + " " + attributes.get("size") + " "
                + mtime.toInstant() + " " + ctime.toInstant();
        return new State(text, ctime.toInstant());
    }

    /**
     * The remembered digest, or a new one.
     *
     * @throws ImageException when the thing changes while it is read
     */
    Digest digest(Path thing, Finder<State> state, Finder<Digest> computation) throws IOException {
        Instant start = Instant.now();
        State before = state.find();
        Optional<Digest> remembered = recall(thing, before);
        if (remembered.isPresent()) {
            return remembered.get();
        }
        Digest digest = computation.find();
        if (!state.find().text().equals(before.text())) {
            throw new ImageException(thing + " changed while it was read; try again when nothing writes to it");
        }
        if (before.newestChange().isBefore(start.minus(RACY))) {
            remember(thing, before, digest);
        }
        return digest;
    }

    private Optional<RememberedText> memoryOf(Path thing) throws IOException {
        String key =
                Digest.sha256(thing.toRealPath().toString().getBytes(UTF_8)).hex();
        return directory.map(d -> new RememberedText(d.resolve(key)));
    }

    private Optional<Digest> recall(Path thing, State state) throws IOException {
        Optional<String> text = memoryOf(thing).flatMap(RememberedText::read);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> lines = text.get().lines().toList();
        try {
            return lines.size() == 2 && lines.get(0).equals(state.text())
                    ? Optional.of(Digest.parse(lines.get(1)))
                    : Optional.empty();
        } catch (ImageException e) {
            LOG.debug("what is remembered of {} is not used", thing, e); // the digest is found again
            return Optional.empty();
        }
    }

    private void remember(Path thing, State state, Digest digest) throws IOException {
        memoryOf(thing).ifPresent(memory -> memory.write(state.text() + "\n" + digest + "\n"));
    }
}
