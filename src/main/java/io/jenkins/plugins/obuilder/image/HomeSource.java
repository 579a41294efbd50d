package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A template of a home, for the user sandbox of macOS. It sets no environment: its profile does, and even {@code PATH} is for that to say.
 */
record HomeSource(DigestMemory memory) implements ImageSource {
    /** What makes a directory one; without it, it may be anybody's. */
    static final String PROFILE = ".obuilder_profile.sh";

    @Override
    public String prefix() {
        return "home";
    }

    @Override
    public String usage() {
        return "home:PATH";
    }

    @Override
    public Image open(String reference) throws IOException {
        Path directory = SourcePath.existing(reference, usage());
        if (!Files.isRegularFile(directory.resolve(PROFILE))) {
            throw new ImageException(directory + " is no base image: it has no " + PROFILE
                    + ", which may be empty; make one with  touch " + directory.resolve(PROFILE));
        }
        return new HomeImage(new DirImage(directory, memory));
    }

    private record HomeImage(DirImage tree) implements Image {
        @Override
        public String identity() throws IOException {
            return tree.identity();
        }

        @Override
        public List<EnvVar> env() {
            return List.of();
        }

        @Override
        public void unpack(Path rootfs, Progress progress) throws IOException {
            tree.unpack(rootfs, progress);
        }
    }
}
