package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.image.Image;
import io.jenkins.plugins.obuilder.image.Progress;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An image with one file. */
record FakeImage(String identity, List<EnvVar> env) implements Image {
    static final FakeImage BUSYBOX = new FakeImage(
            "sha256:1", List.of(new EnvVar("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")));

    @Override
    public void unpack(Path rootfs, Progress progress) throws IOException {
        Files.writeString(rootfs.resolve("base"), identity);
    }
}
