package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/**
 * What is done to names in open directories. A name is one plain name, and where it stands for a link, the link itself is meant; no link is
 * followed.
 */
interface NameCalls {
    /** How a regular file is opened. A link is refused, and nobody waits for the other end of a pipe. */
    enum Opening {
        READ,
        READ_WRITE,
        /** 0600, unless it is there. */
        READ_WRITE_OR_CREATE,
        /** 0600; refused when there is anything of that name. */
        CREATE
    }

    /**
     * Opens a directory for reading.
     *
     * @param dir or {@link FileCalls#NO_DIRECTORY}
     * @param followLinks whether the last part of the name may be a link
     */
    int openDir(int dir, byte[] name, boolean followLinks) throws LastErrorException;

    int openFile(int dir, byte[] name, Opening how) throws LastErrorException;

    FileStat stat(int dir, byte[] name) throws LastErrorException;

    void makeDir(int dir, byte[] name, int mode) throws LastErrorException;

    void symlink(byte[] target, int dir, byte[] name) throws LastErrorException;

    void link(int fromDir, byte[] from, int toDir, byte[] to) throws LastErrorException;

    /** Makes a named pipe, socket or device file. */
    void makeNode(int dir, byte[] name, FileKind kind, int mode, int major, int minor) throws LastErrorException;

    void unlink(int dir, byte[] name) throws LastErrorException;

    void removeDir(int dir, byte[] name) throws LastErrorException;

    void rename(int fromDir, byte[] from, int toDir, byte[] to) throws LastErrorException;

    /** As many bytes as the target has. */
    byte[] readLink(int dir, byte[] name) throws LastErrorException;

    void chown(int dir, byte[] name, int uid, int gid) throws LastErrorException;

    /** Of a name that is no link. */
    void chmod(int dir, byte[] name, int mode) throws LastErrorException;

    /** Sets the times of the last change and of the last access. */
    void setTime(int dir, byte[] name, FileStat.FileTime time) throws LastErrorException;

    /** Takes away what keeps even root from removing it ("immutable", "append only"), where there is such a thing. */
    void unprotect(int dir, byte[] name) throws LastErrorException;
}
