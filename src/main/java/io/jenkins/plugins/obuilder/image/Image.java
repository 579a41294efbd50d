package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A base image that was looked at but not yet unpacked. */
public interface Image {
    /**
     * What really determines its contents, such as {@code sha256:…}: folded into ids by content identity. Found when first asked for,
     * because a directory or an archive must be read whole for it; nothing is unpacked and no root is needed.
     */
    String identity() throws IOException;

    /** The environment it sets, in its order (byte strings). */
    List<EnvVar> env();

    /**
     * Unpacks it into an empty directory, byte for byte: owners, modes, times, hard links, xattrs and capabilities. Nothing is ever
     * written outside, whatever the archive says.
     *
     * @param progress told what is done; stops it, at the latest after the present block of the present file
     */
    void unpack(Path rootfs, Progress progress) throws IOException;
}
