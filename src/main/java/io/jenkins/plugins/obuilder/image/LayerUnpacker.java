package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.PlaceException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Applies archives to a tree. In a layer of an image, a file {@code .wh.NAME} hides NAME of the layers below, and {@code .wh..wh..opq}
 * all that they have in its directory; neither hides what its own layer brings, wherever in the archive that stands.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts">OCI image specification, whiteouts</a>
 */
final class LayerUnpacker {
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /** Notes of the aufs driver that very old images still carry. */
    private static final String AUFS = ".wh..wh.";

    /** So that headers are not read, and hashed, one by one. */
    private static final int BUFFER = 1 << 16;

    private final TreeWriter tree;
    private final boolean whiteouts;

    private LayerUnpacker(TreeWriter tree, boolean whiteouts) {
        this.tree = tree;
        this.whiteouts = whiteouts;
    }

    /** Applies one layer of an image, decompressed, and reads it to its end. */
    static void unpack(InputStream layer, TreeWriter tree) throws IOException {
        new LayerUnpacker(tree, true).unpack(layer);
    }

    /** Unpacks a plain archive, in which a name like {@code .wh.x} means nothing else than it says. */
    static void unpackPlain(InputStream archive, TreeWriter tree) throws IOException {
        new LayerUnpacker(tree, false).unpack(archive);
    }

    private void unpack(InputStream archive) throws IOException {
        tree.beginLayer();
        TarReader reader = new TarReader(new BufferedInputStream(archive, BUFFER));
        Optional<TarEntry> next;
        while ((next = reader.next()).isPresent()) {
            TarEntry entry = next.get();
            try {
                apply(entry, reader);
            } catch (ImageException | PlaceException e) {
                throw new ImageException("entry " + ImageException.quote(entry.name()) + ": " + e.getMessage(), e);
            } catch (HostException e) {
                throw new HostException(
                        "cannot unpack " + ImageException.quote(entry.name()) + ": " + e.getMessage(), e);
            }
        }
    }

    private void apply(TarEntry entry, TarReader reader) throws IOException {
        tree.count(entry);
        List<String> parts = EntryName.parts(entry.name());
        String name = parts.isEmpty() ? "" : parts.get(parts.size() - 1);
        if (!whiteouts || parts.stream().noneMatch(part -> part.startsWith(WHITEOUT))) {
            tree.add(parts, entry, reader);
        } else if (name.equals(OPAQUE)) {
            tree.hideAll(parts.subList(0, parts.size() - 1));
        } else if (name.startsWith(WHITEOUT) && !name.startsWith(AUFS)) {
            tree.hide(hidden(parts, name.substring(WHITEOUT.length())));
        }
    }

    private static List<String> hidden(List<String> parts, String name) throws ImageException {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new ImageException("it hides no name that a file can have");
        }
        List<String> hidden = new ArrayList<>(parts);
        hidden.set(parts.size() - 1, name);
        return hidden;
    }
}
