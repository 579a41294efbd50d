package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.FileReasons;
import io.jenkins.plugins.obuilder.host.TreeClone;
import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The kinds of stores, by the prefix of their names. */
public final class Stores {
    private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put(OverlayStore.KIND, new InDirectory((root, commands, settings) -> new OverlayStore(root, commands)));
        KINDS.put(BtrfsStore.KIND, new InDirectory((root, commands, settings) -> new BtrfsStore(root, commands)));
        KINDS.put(XfsStore.KIND, new InDirectory((root, commands, settings) -> new XfsStore(root, commands)));
        KINDS.put(
                ApfsStore.KIND,
                new InDirectory((root, commands, settings) -> new ApfsStore(root, commands, TreeClone.ofMacos())));
        KINDS.put(ZfsStore.KIND, new OnZfs());
        KINDS.put(
                RsyncStore.KIND,
                new InDirectory((root, commands, settings) -> new RsyncStore(root, commands, settings.rsyncMode())));
    }

    private Stores() {}

    /** One kind of store; {@code place} is what stands after its prefix. */
    private interface Kind {
        Store open(String place, Commands commands, StoreSettings settings) throws IOException;

        /** Whether something was ever kept there. */
        boolean exists(String place, Commands commands) throws IOException;

        /** A directory on its file system, for hints when something fails; it may be missing. */
        Path directory(String place);

        /** Why there can be none on this machine, as far as that can be told; empty when it works. */
        Optional<String> whyUnsupported(Path emptyDirectory, Commands commands) throws IOException;
    }

    @FunctionalInterface
    private interface Factory {
        Store open(Path root, Commands commands, StoreSettings settings) throws IOException;
    }

    private record InDirectory(Factory factory) implements Kind {
        @Override
        public Store open(String place, Commands commands, StoreSettings settings) throws IOException {
            Path root = Path.of(place);
            if (Files.exists(root) && !Files.isDirectory(root)) {
                throw new NotDirectoryException(place);
            }
            return factory.open(root, commands, settings);
        }

        @Override
        public boolean exists(String place, Commands commands) throws IOException {
            Path root = Path.of(place);
            if (!Files.isExecutable(root) && !Files.isRegularFile(root) && !Files.notExists(root)) {
                throw new StoreException("cannot look into the store in " + place
                        + ", which is not yours to use; run as root, or name another directory");
            }
            return Files.isDirectory(root.resolve("state"));
        }

        @Override
        public Path directory(String place) {
            return Path.of(place);
        }

        @Override
        public Optional<String> whyUnsupported(Path emptyDirectory, Commands commands) throws IOException {
            try (Store store = factory.open(emptyDirectory, commands, StoreSettings.NONE)) {
                return store.whyUnsupported();
            }
        }
    }

    private record OnZfs() implements Kind {
        @Override
        public Store open(String place, Commands commands, StoreSettings settings) throws IOException {
            return new ZfsStore(place, commands);
        }

        @Override
        public boolean exists(String place, Commands commands) throws IOException {
            return new ZfsPlace(new ZfsCommands(commands), place).exists();
        }

        @Override
        public Path directory(String place) {
            return Path.of("/").resolve(place);
        }

        @Override
        public Optional<String> whyUnsupported(Path emptyDirectory, Commands commands) throws IOException {
            return ZfsPlace.whyUnsupported(new ZfsCommands(commands));
        }
    }

    /** All prefixes, without the colon. */
    public static Set<String> kinds() {
        return Set.copyOf(KINDS.keySet());
    }

    /**
     * Why there can be no store of a kind on this machine; empty when it works.
     *
     * @param emptyDirectory to try it in; what is made there is the caller's to remove
     */
    public static Optional<String> whyUnsupported(String kind, Path emptyDirectory, Commands commands) {
        try {
            return KINDS.get(kind).whyUnsupported(emptyDirectory, commands);
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The kind of a store and where it is. */
    private record Name(Kind kind, String place) {
        static Name parse(String name) throws StoreException {
            int colon = name.indexOf(':');
            String kind = colon < 0 ? name : name.substring(0, colon);
            Kind known = KINDS.get(kind);
            if (known == null) {
                throw new StoreException(
                        "there is no store \"" + name + "\": a store is named KIND:PATH, KIND being one of "
                                + String.join(", ", KINDS.keySet())
                                + (kind.indexOf('/') < 0
                                        ? Suggestions.sentence(kind, KINDS.keySet())
                                        : ", such as " + OverlayStore.KIND + ":" + name));
            }
            if (colon < 0 || colon == name.length() - 1) {
                throw new StoreException("the store \"" + name + "\" does not say where it lies: write " + kind + ":"
                        + (kind.equals(ZfsStore.KIND) ? "POOL" : "PATH"));
            }
            return new Name(known, name.substring(colon + 1));
        }
    }

    /** Loads what opening any store takes, and touches none. */
    public static void warmUp() {
        IndexFile.warmUp();
    }

    /**
     * Whether something was ever kept there.
     *
     * @throws StoreException when there is no such kind of store
     */
    public static boolean exists(String name, Commands commands) throws IOException {
        Name parsed = Name.parse(name);
        return parsed.kind().exists(parsed.place(), commands);
    }

    /**
     * Opens a store, making it when the directory is missing or empty.
     *
     * @param name such as {@code overlayfs:/var/lib/obuilder}
     * @throws StoreException when there is no such kind of store or it cannot be opened
     */
    public static SharedStore open(String name, Commands commands) throws IOException {
        return open(name, commands, StoreSettings.NONE);
    }

    /** The same with settings, of which those for another kind of store do not matter. */
    public static SharedStore open(String name, Commands commands, StoreSettings settings) throws IOException {
        Name parsed = Name.parse(name);
        Path root = parsed.kind().directory(parsed.place());
        try {
            return new SharedStore(parsed.kind().open(parsed.place(), commands, settings));
        } catch (AccessDeniedException e) {
            throw new StoreException(
                    "cannot open the store " + name + ": " + e.getFile()
                            + " is not yours to use; run as root, or name another directory",
                    e);
        } catch (StoreException e) {
            throw FullDisk.explained(e, root);
        } catch (IOException e) {
            throw FullDisk.explained(
                    new StoreException("cannot open the store " + name + ": " + FileReasons.withFile(e), e), root);
        }
    }
}
