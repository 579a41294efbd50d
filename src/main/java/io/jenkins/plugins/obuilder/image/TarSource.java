package io.jenkins.plugins.obuilder.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A root file system in a tar archive: plain, or compressed with gzip, zstd, xz or bzip2. */
record TarSource(DigestMemory memory, UnpackLimits limits) implements ImageSource {
    static final String PREFIX = "tar";

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public String usage() {
        return "tar:PATH";
    }

    @Override
    public Image open(String reference) throws IOException {
        Path archive = SourcePath.existing(reference, usage());
        if (!Files.isRegularFile(archive)) {
            throw new ImageException(archive + " is no file; a directory is given as dir:" + archive);
        }
        return new TarImage(archive, memory, limits);
    }
}
