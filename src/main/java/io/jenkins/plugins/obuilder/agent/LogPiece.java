package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.io.Serializable;

/**
 * A piece of the engine's log.
 *
 * @param end how the engine ended; null while it runs, and as long as there is more to read
 */
record LogPiece(byte[] bytes, @CheckForNull End end) implements Serializable {
    /**
     * How the engine ended.
     *
     * @param status its exit status; {@link #VANISHED} when nobody is left who could tell
     * @param free how much room the disk with its files has, in bytes: a full one explains a lot
     */
    record End(int status, long free) implements Serializable {
        /** The engine's processes are gone without a word: killed, or the machine was started again. */
        static final int VANISHED = -1;
    }
}
