package io.jenkins.plugins.obuilder.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that is a root file system, or a template of a home. */
record DirSource(DigestMemory memory) implements ImageSource {
    static final String PREFIX = "dir";

    @Override
    public String prefix() {
        return PREFIX;
    }

    @Override
    public String usage() {
        return "dir:PATH";
    }

    @Override
    public Image open(String reference) throws IOException {
        Path directory = SourcePath.existing(reference, usage());
        if (!Files.isDirectory(directory)) {
            throw new ImageException(directory + " is no directory; an archive is given as tar:" + directory);
        }
        return new DirImage(directory, memory);
    }
}
