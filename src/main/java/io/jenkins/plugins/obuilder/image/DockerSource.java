package io.jenkins.plugins.obuilder.image;

import java.io.IOException;

/** Images that a docker daemon has, or pulls. */
record DockerSource(DockerClient client, Host host) implements ImageSource {
    @Override
    public String prefix() {
        return "docker";
    }

    @Override
    public String usage() {
        return "docker:NAME[:TAG]";
    }

    @Override
    public Image open(String reference) throws IOException {
        if (!DockerClient.isReference(reference)) {
            throw new ImageException("\"" + reference + "\" is no name of a docker image; give it as " + usage());
        }
        return DockerImage.of(client, reference, client.inspect(reference), host);
    }
}
