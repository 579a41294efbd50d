package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Images whose files this process must not open itself: who has them passes on what is in them. Names are byte strings. Whoever unpacks
 * them believes nothing that is not in the bytes.
 */
public interface ForeignImages {
    /**
     * What an image is.
     *
     * @param kind the prefix of its source, such as {@code oci}
     * @param shown what messages call it (text)
     * @param which which of several images in it is meant (text)
     */
    record Description(String kind, String shown, Optional<String> which) {}

    Description describe(String name) throws IOException;

    /** The digest of an image that is one archive, {@code tar}: what is unpacked later must have it. */
    String digest(String name) throws IOException;

    /** Whether an image has a file of this name. */
    boolean has(String name, String file) throws IOException;

    /** The bytes of a file of an image; without a file, of the archive. */
    InputStream open(String name, Optional<String> file) throws IOException;

    /**
     * Looks at an image.
     *
     * @param limits of what it may unpack to
     */
    static Image open(String name, ForeignImages images, UnpackLimits limits) throws IOException {
        Description image = images.describe(name);
        Host host = new Host(Platform.here(), limits);
        ImageFiles files = new FilesOf(name, images);
        return switch (image.kind()) {
            case OciSource.PREFIX -> new OciLayout(files, host, image.shown()).image(image.which());
            case DockerArchiveSource.PREFIX -> new DockerArchive(files, host, image.shown()).image(image.which());
            case TarSource.PREFIX ->
                new TarImage(
                        image.shown(),
                        () -> Digest.parse(images.digest(name)),
                        () -> images.open(name, Optional.empty()),
                        limits);
            default ->
                throw new ImageException(
                        "there is no kind of image " + ImageException.quote(Bytes.ofText(image.kind())));
        };
    }

    /** The files of one. */
    record FilesOf(String name, ForeignImages images) implements ImageFiles {
        @Override
        public boolean has(String file) throws IOException {
            return images.has(name, file);
        }

        @Override
        public InputStream open(String file) throws IOException {
            return images.open(name, Optional.of(file));
        }
    }
}
