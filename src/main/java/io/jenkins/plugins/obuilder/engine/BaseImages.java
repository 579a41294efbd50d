package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.image.Image;
import java.io.IOException;

/** Finds base images by the names that specs call them. */
@FunctionalInterface
public interface BaseImages {
    /**
     * Looks at an image without unpacking it.
     *
     * @param name what stands in {@code (from …)}, a byte string
     * @throws IOException when there is none of that name or it cannot be read; the message is for the user
     */
    Image open(String name) throws IOException;
}
