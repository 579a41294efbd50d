package io.jenkins.plugins.obuilder.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds an image in what {@code docker save} writes: {@code manifest.json}, configurations and layers.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/main/v1.2.md">Docker image specification 1.2</a>
 */
final class DockerArchive {
    private final ImageFiles files;
    private final Host host;
    private final String shown;

    /** @param shown the source as the user named it */
    DockerArchive(ImageFiles files, Host host, String shown) {
        this.files = files;
        this.host = host;
        this.shown = shown;
    }

    static boolean isOne(ImageFiles files) throws IOException {
        return files.has("manifest.json");
    }

    /** @param name the image's {@code NAME[:TAG]}; may be left out when there is only one */
    LayeredImage image(Optional<String> name) throws IOException {
        List<JsonDocument> images = JsonDocument.parseList("manifest.json", files.read("manifest.json"));
        JsonDocument image = choose(images, name);
        String configFile = image.requiredText("Config");
        ImageConfiguration configuration = ImageConfiguration.parse(configFile, files.read(configFile));
        List<String> archives = image.texts("Layers");
        if (archives.size() != configuration.diffIds().size()) {
            throw new ImageException(shown + ": manifest.json names " + archives.size() + " layers, " + configFile + " "
                    + configuration.diffIds().size() + "; save the image again");
        }
        List<Layer> layers = new ArrayList<>();
        for (String archive : archives) {
            layers.add(
                    new Layer(archive, Optional.empty(), configuration.diffIds().get(layers.size())));
        }
        return new LayeredImage(shown, files, configuration, layers, host);
    }

    private JsonDocument choose(List<JsonDocument> images, Optional<String> name) throws ImageException {
        List<String> tags = new ArrayList<>();
        for (JsonDocument image : images) {
            for (String tag : image.texts("RepoTags")) {
                if (name.isPresent() && whole(tag).equals(whole(name.get()))) {
                    return image;
                }
                tags.add(tag);
            }
        }
        if (name.isEmpty() && images.size() == 1) {
            return images.get(0);
        }
        String there = tags.isEmpty() ? "none with a name" : String.join(", ", tags);
        throw new ImageException(
                name.isPresent()
                        ? shown + " has no image " + name.get() + "; it has " + there
                        : shown + " holds " + images.size() + " images; choose one with " + shown + ":NAME:TAG; it has "
                                + there);
    }

    /** {@code busybox}, {@code library/busybox:latest} and {@code docker.io/library/busybox} are one name. */
    private static String whole(String name) {
        String tagged = name.indexOf(':', name.lastIndexOf('/') + 1) < 0 ? name + ":latest" : name;
        return tagged.replaceFirst("^(docker\\.io/)?(library/)?", "");
    }
}
