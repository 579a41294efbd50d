package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.TreeClone;
import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The kinds of stores, by the prefix of their names. */
public final class Stores {
    private static final Map<String, Factory> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put(OverlayStore.KIND, (root, commands, settings) -> new OverlayStore(root, commands));
        KINDS.put(BtrfsStore.KIND, (root, commands, settings) -> new BtrfsStore(root, commands));
        KINDS.put(XfsStore.KIND, (root, commands, settings) -> new XfsStore(root, commands));
        KINDS.put(ApfsStore.KIND, (root, commands, settings) -> new ApfsStore(root, commands, TreeClone.ofMacos()));
        KINDS.put(RsyncStore.KIND, (root, commands, settings) -> new RsyncStore(root, commands, settings.rsyncMode()));
    }

    private Stores() {}

    @FunctionalInterface
    private interface Factory {
        Store open(Path root, Commands commands, StoreSettings settings) throws IOException;
    }

    /** All prefixes, without the colon. */
    public static Set<String> kinds() {
        return Set.copyOf(KINDS.keySet());
    }

    /** The kind of a store and where it is. */
    private record Name(Factory factory, Path root) {
        static Name parse(String name) throws StoreException {
            int colon = name.indexOf(':');
            String kind = colon < 0 ? name : name.substring(0, colon);
            Factory factory = KINDS.get(kind);
            if (factory == null || colon < 0 || colon == name.length() - 1) {
                throw new StoreException(
                        "there is no store \"" + name + "\": a store is named KIND:PATH, KIND being one of "
                                + String.join(", ", KINDS.keySet()) + Suggestions.sentence(kind, KINDS.keySet()));
            }
            return new Name(factory, Path.of(name.substring(colon + 1)));
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
    public static boolean exists(String name) throws StoreException {
        return Files.isDirectory(Name.parse(name).root().resolve("state"));
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
        Path root = parsed.root();
        try {
            return new SharedStore(parsed.factory().open(root, commands, settings));
        } catch (AccessDeniedException e) {
            throw new StoreException(
                    "cannot open the store " + name + ": " + e.getFile()
                            + " is not yours to use; run as root, or name another directory",
                    e);
        } catch (FileSystemException e) {
            throw FullDisk.explained(
                    new StoreException("cannot open the store " + name + ": " + e.getMessage(), e), root);
        } catch (StoreException e) {
            throw FullDisk.explained(e, root);
        }
    }
}
