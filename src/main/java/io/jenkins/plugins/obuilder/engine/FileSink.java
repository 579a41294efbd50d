package io.jenkins.plugins.obuilder.engine;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** An output that can take what is in a file without it passing through this process' memory. */
public interface FileSink {
    /**
     * Writes a part of a file.
     *
     * @param from where it begins, in bytes
     * @throws IOException when the file cannot be read
     */
    void writeFrom(FileChannel file, long from, long count) throws IOException;
}
