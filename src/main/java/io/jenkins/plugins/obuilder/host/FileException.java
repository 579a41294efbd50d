package io.jenkins.plugins.obuilder.host;

/** A file could not be read, written or changed. */
public final class FileException extends HostException {
    private static final long serialVersionUID = 1L;
    private static final int ENOSPC = 28;
    private static final int EMLINK = 31;
    private static final int EDQUOT = 122;

    private final int error;

    FileException(String what, String file, int error, String systemSays) {
        super("cannot " + what + " " + file + ": " + systemSays);
        this.error = error;
    }

    /** Whether there was nothing of that name. */
    public boolean isMissing() {
        return error == FileCalls.ENOENT;
    }

    /** Whether there is something of that name already. */
    public boolean exists() {
        return error == FileCalls.EEXIST;
    }

    /** Whether the two places lie on different file systems, so that nothing can be renamed or linked from one to the other. */
    public boolean isOtherFileSystem() {
        return error == FileCalls.EXDEV;
    }

    /** Whether something is mounted there. */
    public boolean isBusy() {
        return error == LibC.EBUSY;
    }

    /** Whether the file system cannot do this at all. */
    public boolean isUnsupported() {
        return error == FileCalls.EOPNOTSUPP || error == FileCalls.ENOSYS || error == FileCalls.ENOTTY;
    }

    /** Whether what was to be set makes no sense or is too long: EINVAL, ERANGE, E2BIG. */
    public boolean isInvalid() {
        return error == FileCalls.EINVAL || error == 34 || error == 7;
    }

    /** Whether a file has as many names already as its file system allows. */
    public boolean hasTooManyLinks() {
        return error == EMLINK;
    }

    public boolean isDiskFull() {
        return error == ENOSPC || error == EDQUOT;
    }

    /** Whether this process has not the right to do that: a device file in a container, say. */
    public boolean isForbidden() {
        return error == 1 || error == 13;
    }
}
