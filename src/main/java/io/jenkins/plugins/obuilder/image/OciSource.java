package io.jenkins.plugins.obuilder.image;

import java.io.IOException;

/** An OCI image layout: a directory or a tar archive of it. */
record OciSource(Host host) implements ImageSource {
    static final String PREFIX = "oci";

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public String usage() {
        return "oci:PATH[:TAG]";
    }

    @Override
    public Image open(String reference) throws IOException {
        SourcePath source = SourcePath.parse(reference, usage());
        String shown = prefix() + ":" + source.path();
        ImageFiles files = ImageFiles.of(source.path());
        if (!OciLayout.isOne(files)) {
            throw new ImageException(
                    shown + " has no oci-layout and index.json, so it is no OCI layout; what docker save wrote"
                            + " is given as docker-archive:PATH, a plain root file system as dir:PATH or tar:PATH");
        }
        return new OciLayout(files, host, shown).image(source.which());
    }
}
