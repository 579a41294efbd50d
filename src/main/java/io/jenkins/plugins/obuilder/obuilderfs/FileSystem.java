package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import java.io.IOException;

/** Answers requests. Called from several threads at once. */
interface FileSystem {
    /** The root directory's number. */
    long ROOT = 1;

    /** Not an error: the request gets no reply. */
    int NO_REPLY = -1;

    /**
     * Answers one request.
     *
     * @param reply has begun; what belongs to the opcode goes into it
     * @param calls the calling thread's
     * @return 0, the number of an error, or {@link #NO_REPLY}
     */
    int answer(Request request, Reply reply, Descriptors calls) throws IOException;

    /** What kernels call the abilities that it wants, beyond those that every file system has: bits of INIT. */
    int abilities();
}
