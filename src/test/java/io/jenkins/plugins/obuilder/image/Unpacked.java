package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.image.OciImages.Packing;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** Unpacks archives made for a test. */
final class Unpacked {
    private Unpacked() {}

    /** Unpacks layers into {@code root} below a directory, and gives that. */
    static Path layers(Path directory, byte[]... layers) throws IOException {
        return layers(directory, UnpackLimits.DEFAULT, line -> {}, layers);
    }

    static Path layers(Path directory, UnpackLimits limits, Consumer<String> progress, byte[]... layers)
            throws IOException {
        OciImages.of(directory.resolve("layout"), Packing.PLAIN, List.of(), layers);
        return source(directory, "oci:" + directory.resolve("layout"), limits, progress);
    }

    /** Unpacks one archive as a plain root file system. */
    static Path tar(Path directory, byte[] archive) throws IOException {
        Files.write(directory.resolve("plain.tar"), archive);
        return source(directory, "tar:" + directory.resolve("plain.tar"), UnpackLimits.DEFAULT, line -> {});
    }

    private static Path source(Path directory, String source, UnpackLimits limits, Consumer<String> progress)
            throws IOException {
        Path root = Files.createDirectories(directory.resolve("root"));
        ImageSources.of(List.of("base=" + source), DigestMemory.none(), limits)
                .open("base")
                .unpack(root, Progress.of(progress));
        return root;
    }

    /** The names below a directory, links with where they lead. */
    static List<String> names(Path root) throws IOException {
        List<String> names = new ArrayList<>();
        SortedMap<String, String> listing = TreeListing.of(root);
        listing.forEach((name, line) -> {
            if (!name.isEmpty() && !name.startsWith("attributes of")) {
                int arrow = line.indexOf(" -> ");
                names.add(line.startsWith("d") ? name + "/" : arrow < 0 ? name : name + line.substring(arrow));
            }
        });
        return names;
    }
}
