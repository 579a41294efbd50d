package io.jenkins.plugins.obuilder.image;

import java.io.IOException;

/** One way to get base images: {@code dir:}, {@code tar:}, {@code docker-archive:}, {@code oci:}, later a registry or docker. */
public interface ImageSource {
    /** The prefix it answers to, such as {@code oci}. */
    String prefix();

    /** How it is written, such as {@code oci:PATH[:TAG]}. */
    String usage();

    /**
     * Reads what identifies the image and its configuration, without unpacking anything and without root.
     *
     * @param reference what stands after the prefix
     */
    Image open(String reference) throws IOException;
}
