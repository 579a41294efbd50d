package io.jenkins.plugins.obuilder.image;

import java.util.Optional;

/**
 * One layer of an image.
 *
 * @param file its archive among the image's files, compressed or not
 * @param blob digest of that file; empty when only the uncompressed archive's is known
 * @param diffId digest of the uncompressed archive
 */
record Layer(String file, Optional<Digest> blob, Digest diffId) {}
