package io.jenkins.plugins.obuilder.agent;

import java.io.IOException;

/** Whoever wants to know what the engine prints. */
public interface LogReceiver {
    /** A piece of the log: bytes, which need not end where a line or a character does. */
    void text(byte[] buffer, int offset, int length) throws IOException;

    /** Tells of the line whose text comes next. */
    void mark(Mark mark) throws IOException;

    /** Everything up to here is to be where a crash of this process cannot harm it. */
    void flush() throws IOException;
}
