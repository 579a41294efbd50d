package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds an image in an OCI image layout: index, perhaps indexes within it for several kinds of machine, manifest, configuration. All but
 * the first index are checked against their digests.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI image specification, image layout</a>
 */
final class OciLayout {
    static final String REF_NAME = "org.opencontainers.image.ref.name";

    private static final int MAX_NESTING = 5;

    private final ImageFiles files;
    private final Host host;
    private final String shown;

    /** @param shown the source as the user named it */
    OciLayout(ImageFiles files, Host host, String shown) {
        this.files = files;
        this.host = host;
        this.shown = shown;
    }

    static boolean isOne(ImageFiles files) throws IOException {
        return files.has("index.json") && files.has("oci-layout");
    }

    /** @param tag the name in the index; may be left out when there is only one */
    LayeredImage image(Optional<String> tag) throws IOException {
        JsonDocument index = JsonDocument.parse("index.json", files.read("index.json"));
        List<JsonDocument> named = index.objects("manifests");
        if (tag.isPresent()) {
            named = named(named, tag.get());
        } else if (named.size() > 1 && names(named).size() > 1) {
            throw new ImageException(shown + " holds several images; choose one with " + shown
                    + ":TAG, TAG being one of " + String.join(", ", names(named)));
        }
        return manifest(choose(named, 0));
    }

    private List<JsonDocument> named(List<JsonDocument> manifests, String tag) throws ImageException {
        List<JsonDocument> matching = new ArrayList<>();
        for (JsonDocument manifest : manifests) {
            if (refName(manifest).equals(Optional.of(tag))) {
                matching.add(manifest);
            }
        }
        if (matching.isEmpty()) {
            TreeSet<String> names = names(manifests);
            throw new ImageException(shown + " has no tag " + ImageException.quote(Bytes.ofText(tag))
                    + (names.isEmpty()
                            ? "; it has none at all, so leave it out"
                            : "; it has " + String.join(", ", names)));
        }
        return matching;
    }

    private static Optional<String> refName(JsonDocument manifest) throws ImageException {
        Optional<JsonDocument> annotations = manifest.object("annotations");
        return annotations.isPresent() ? annotations.get().text(REF_NAME) : Optional.empty();
    }

    private static TreeSet<String> names(List<JsonDocument> manifests) throws ImageException {
        TreeSet<String> names = new TreeSet<>();
        for (JsonDocument manifest : manifests) {
            refName(manifest).ifPresent(names::add);
        }
        return names;
    }

    /** The manifest for this machine among the descriptors, which may be of further indexes. */
    private JsonDocument choose(List<JsonDocument> descriptors, int depth) throws IOException {
        if (depth == MAX_NESTING) {
            throw new ImageException(shown + ": its indexes are nested too deeply");
        }
        TreeSet<String> others = new TreeSet<>();
        List<JsonDocument> images =
                descriptors.stream().filter(OciLayout::isNoAttestation).toList();
        for (JsonDocument descriptor : images) {
            JsonDocument document = document(descriptor);
            if (!document.objects("manifests").isEmpty()) {
                try {
                    return choose(document.objects("manifests"), depth + 1);
                } catch (NotForThisMachine e) {
                    others.addAll(e.platforms);
                    continue;
                }
            }
            Platform platform = platform(descriptor, document);
            if (images.size() == 1 && depth == 0 || host.platform().fits(platform)) {
                return document;
            }
            others.add(platform.toString());
        }
        throw new NotForThisMachine(shown, host.platform(), others);
    }

    /** BuildKit puts notes about how an image was made beside it, as if they were an image for an unknown machine. */
    private static boolean isNoAttestation(JsonDocument descriptor) {
        try {
            Optional<JsonDocument> annotations = descriptor.object("annotations");
            return annotations.isEmpty()
                    || annotations.get().text("vnd.docker.reference.type").isEmpty();
        } catch (ImageException e) {
            return true; // damaged annotations say nothing; what they are on is judged by itself
        }
    }

    private Platform platform(JsonDocument descriptor, JsonDocument manifest) throws IOException {
        Optional<JsonDocument> platform = descriptor.object("platform");
        return platform.isPresent()
                ? Platform.of(platform.get())
                : configuration(manifest).platform();
    }

    private JsonDocument document(JsonDocument descriptor) throws IOException {
        Digest digest = Digest.parse(descriptor.requiredText("digest"));
        return JsonDocument.parse(file(digest), checked(digest));
    }

    private static String file(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    private byte[] checked(Digest digest) throws IOException {
        byte[] data = files.read(file(digest));
        if (!digest.of(data).equals(digest)) {
            throw new ImageException(shown + ": " + file(digest) + " is damaged: its digest is " + digest.of(data)
                    + "; fetch or make the image again");
        }
        return data;
    }

    private ImageConfiguration configuration(JsonDocument manifest) throws IOException {
        JsonDocument descriptor = manifest.object("config")
                .orElseThrow(
                        () -> new ImageException(shown + ": its manifest has no configuration, so it is no image"));
        Digest digest = Digest.parse(descriptor.requiredText("digest"));
        return ImageConfiguration.parse(file(digest), checked(digest));
    }

    private LayeredImage manifest(JsonDocument manifest) throws IOException {
        ImageConfiguration configuration = configuration(manifest);
        List<JsonDocument> descriptors = manifest.objects("layers");
        if (descriptors.size() != configuration.diffIds().size()) {
            throw new ImageException(
                    shown + ": its manifest names " + descriptors.size() + " layers, its configuration "
                            + configuration.diffIds().size() + "; it is damaged, or no image of a root file system");
        }
        List<Layer> layers = new ArrayList<>();
        for (JsonDocument descriptor : descriptors) {
            String type = descriptor.text("mediaType").orElse("");
            if (type.contains("encrypted") || type.contains("foreign") || type.contains("nondistributable")) {
                throw new ImageException(shown + ": layer " + (layers.size() + 1) + " is of type " + type
                        + ", which cannot be unpacked; copy the image with its layers decrypted and included");
            }
            Digest blob = Digest.parse(descriptor.requiredText("digest"));
            layers.add(new Layer(
                    file(blob), Optional.of(blob), configuration.diffIds().get(layers.size())));
        }
        return new LayeredImage(shown, files, configuration, layers, host);
    }

    private static final class NotForThisMachine extends ImageException {
        private static final long serialVersionUID = 1L;
        private final TreeSet<String> platforms;

        NotForThisMachine(String shown, Platform machine, TreeSet<String> platforms) {
            super(shown + " has no image for " + machine + "; it has "
                    + (platforms.isEmpty() ? "none at all" : String.join(", ", platforms)));
            this.platforms = platforms;
        }
    }
}
