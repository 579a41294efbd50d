package io.jenkins.plugins.obuilder.host;

/** A file could not be read, written or changed. */
public final class FileException extends HostException {
    private static final long serialVersionUID = 1L;

    private final transient KernelErrors errors;
    private final int error;

    FileException(String what, String file, KernelErrors errors, int error) {
        super("cannot " + what + " " + file + ": " + Posix.strerror(error));
        this.errors = errors;
        this.error = error;
    }

    /** Whether there was nothing of that name. */
    public boolean isMissing() {
        return error == KernelErrors.ENOENT;
    }

    /** Whether there is something of that name already. */
    public boolean exists() {
        return error == KernelErrors.EEXIST;
    }

    /** Whether the two places lie on different file systems, so that nothing can be renamed or linked from one to the other. */
    public boolean isOtherFileSystem() {
        return error == KernelErrors.EXDEV;
    }

    /** Whether something is mounted there. */
    public boolean isBusy() {
        return error == KernelErrors.EBUSY;
    }

    /** Whether the file system cannot do this at all. */
    public boolean isUnsupported() {
        return errors.isUnsupported(error);
    }

    /** Whether what was to be set makes no sense or is too long: EINVAL, ERANGE, E2BIG. */
    public boolean isInvalid() {
        return error == KernelErrors.EINVAL || error == KernelErrors.ERANGE || error == KernelErrors.E2BIG;
    }

    /** Whether a file has as many names already as its file system allows. */
    public boolean hasTooManyLinks() {
        return error == KernelErrors.EMLINK;
    }

    public boolean isDiskFull() {
        return errors.isDiskFull(error);
    }

    /** Whether this process has not the right to do that: a device file in a container, say. */
    public boolean isForbidden() {
        return error == KernelErrors.EPERM || error == KernelErrors.EACCES;
    }
}
