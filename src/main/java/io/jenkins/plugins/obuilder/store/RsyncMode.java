package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whether the snapshots of an rsync store share files with those that they were built on. */
public enum RsyncMode {
    /** Each is a whole copy. */
    COPY,
    /** A file that is surely the same as in the snapshot before is a hard link to that. */
    HARDLINK,
    /** The same for a file of which only size, time, owner and permissions are compared. */
    HARDLINK_UNSAFE;

    /**
     * Of a name like {@code hardlink_unsafe}.
     *
     * @throws StoreException when there is no such mode
     */
    public static RsyncMode of(String name) throws StoreException {
        for (RsyncMode mode : values()) {
            if (mode.toString().equals(name)) {
                return mode;
            }
        }
        throw new StoreException("there is no rsync mode \"" + name + "\": it is one of " + String.join(", ", names())
                + Suggestions.sentence(name, names()));
    }

    /** What a store used before; {@link #COPY} when nobody ever said. */
    static RsyncMode rememberedIn(Path root) throws IOException {
        Path file = file(root);
        return Files.exists(file) ? of(Files.readString(file).strip()) : COPY;
    }

    /** From now on this is the store's. */
    void rememberIn(Path root) throws IOException {
        if (rememberedIn(root) != this) {
            Files.writeString(file(root), this + "\n");
        }
    }

    private static Path file(Path root) {
        return root.resolve("state/rsync-mode");
    }

    private static List<String> names() {
        return Arrays.stream(values()).map(RsyncMode::toString).toList();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
