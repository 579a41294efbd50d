package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A root file system, or a template of a home, that lies in a directory. */
record DirImage(Path directory, DigestMemory memory) implements Image {

    /** A digest of all that is in the tree but times. */
    @Override
    public String identity() throws IOException {
        return memory.digest(
                        directory, () -> TreeFingerprint.state(directory), () -> TreeFingerprint.contents(directory))
                .toString();
    }

    @Override
    public List<EnvVar> env() {
        return ImageSources.BASE_ENV;
    }

    @Override
    public void unpack(Path rootfs, Progress progress) throws IOException {
        progress.say("copying dir:" + directory);
        TreeCopy.copy(directory, rootfs, progress);
    }
}
