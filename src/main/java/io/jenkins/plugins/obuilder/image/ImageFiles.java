package io.jenkins.plugins.obuilder.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** The files that an image consists of, in a directory or in a tar archive. Names are relative, with slashes. */
interface ImageFiles {
    /** Manifests and configurations are some kilobytes; more than this is a trick. */
    int MAX_DOCUMENT = 8 << 20;

    boolean has(String name) throws IOException;

    /**
     * Reads one.
     *
     * @throws ImageException when there is none
     */
    InputStream open(String name) throws IOException;

    /** Reads a small one whole. */
    default byte[] read(String name) throws IOException {
        try (InputStream in = open(name)) {
            byte[] data = in.readNBytes(MAX_DOCUMENT + 1);
            if (data.length > MAX_DOCUMENT) {
                throw new ImageException(
                        name + " has more than " + MAX_DOCUMENT + " bytes: it is no image's description");
            }
            return data;
        }
    }

    /** The files of a directory or of a tar archive, which may be compressed. */
    static ImageFiles of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            return new InDirectory(path);
        }
        if (!Files.isRegularFile(path)) { // reading a fifo would never end
            throw new ImageException(path + " is neither a directory nor a file");
        }
        try {
            return InArchive.scan(path);
        } catch (ImageException e) {
            throw new ImageException(path + ": " + e.getMessage(), e);
        }
    }

    /** Files below a directory. */
    record InDirectory(Path directory) implements ImageFiles {
        @Override
        public boolean has(String name) {
            return Files.isRegularFile(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public InputStream open(String name) throws IOException {
            if (!has(name)) {
                throw new ImageException("there is no file " + name + " in " + directory);
            }
            return Files.newInputStream(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
        }
    }
}
