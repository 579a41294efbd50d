package io.jenkins.plugins.obuilder.image;

import java.io.IOException;

/** What {@code docker save} or {@code skopeo copy … docker-archive:} wrote, compressed or not. */
record DockerArchiveSource(Host host) implements ImageSource {
    static final String PREFIX = "docker-archive";

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public String usage() {
        return "docker-archive:PATH[:NAME:TAG]";
    }

    @Override
    public Image open(String reference) throws IOException {
        SourcePath source = SourcePath.parse(reference, usage());
        String shown = prefix() + ":" + source.path();
        ImageFiles files = ImageFiles.of(source.path());
        if (!DockerArchive.isOne(files)) {
            throw new ImageException(
                    shown + " holds no manifest.json, so docker save did not write it; a plain root file system"
                            + " is given as tar:PATH, an OCI layout as oci:PATH");
        }
        return new DockerArchive(files, host, shown).image(source.which());
    }
}
