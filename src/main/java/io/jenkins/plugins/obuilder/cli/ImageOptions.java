package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BaseImages;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.image.DockerClient;
import io.jenkins.plugins.obuilder.image.ImageException;
import io.jenkins.plugins.obuilder.image.ImageSources;
import io.jenkins.plugins.obuilder.image.OfferedImages;
import io.jenkins.plugins.obuilder.image.UnpackLimits;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say where base images come from. */
final class ImageOptions {
    @Option(
            names = "--image",
            paramLabel = "NAME=SOURCE",
            description =
                    "Where the base image NAME comes from: dir:DIRECTORY, home:DIRECTORY, tar:FILE, docker-archive:FILE, oci:PATH or"
                            + " docker:NAME. Can be given several times. Without: docker's image of that name, where docker is.")
    private List<String> images = new ArrayList<>();

    @Option(
            names = "--bases",
            paramLabel = "DIR",
            description = "macOS: where a base image without --image is: (from NAME) is DIR/NAME (default: /Users).")
    private Path bases = OperatingSystem.isMac() ? Path.of("/Users") : null;

    /** Images of this process' user, for whoever unpacks them with other rights. */
    OfferedImages offered() throws UserException {
        try {
            DigestMemory memory = DigestMemory.ofUser();
            ImageSources.of(images, memory, UnpackLimits.DEFAULT);
            return OfferedImages.of(images, memory);
        } catch (ImageException e) {
            throw UserException.usage(e.getMessage(), e);
        }
    }

    /** @param memory of the digests of large images */
    BaseImages images(DigestMemory memory, Running running) throws UserException {
        DockerClient docker = new DockerClient(
                new SystemCommands(),
                System.getenv(),
                line -> running.err().println("obuilder: " + line),
                running.cancellation());
        try {
            ImageSources sources = ImageSources.of(images, memory, UnpackLimits.DEFAULT, docker)
                    .withDocker();
            return bases == null ? sources::open : sources.withHomes(bases.toAbsolutePath())::open;
        } catch (ImageException e) {
            throw UserException.usage(e.getMessage(), e);
        }
    }
}
