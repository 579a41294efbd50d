package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An image that a docker daemon has.
 *
 * @param id the digest by which the daemon knows it: the name could come to mean another
 */
record DockerImage(DockerClient client, String reference, Digest id, List<EnvVar> env, Host host) implements Image {
    static DockerImage of(DockerClient client, String reference, JsonDocument description, Host host)
            throws ImageException {
        Optional<JsonDocument> config = description.object("Config");
        List<EnvVar> env = config.isPresent() ? ImageConfiguration.env("docker:" + reference, config.get()) : List.of();
        return new DockerImage(client, reference, Digest.parse(description.requiredText("Id")), env, host);
    }

    @Override
    public String identity() {
        return id.toString();
    }

    /** By way of a file beside the tree, where there is room for both. */
    @Override
    public void unpack(Path rootfs, Progress progress) throws IOException {
        String shown = "docker:" + reference;
        Path saved = rootfs.resolveSibling("docker-image.tar");
        try {
            progress.say("saving " + shown);
            client.save(id.toString(), saved);
            new DockerArchive(ImageFiles.of(saved), host, shown)
                    .image(Optional.empty())
                    .unpack(rootfs, progress);
        } finally {
            Files.deleteIfExists(saved);
        }
    }
}
