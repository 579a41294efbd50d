package io.jenkins.plugins.obuilder.host;

/**
 * The numbers of errors that the kernels do not share. Up to 34 they do, but for 11. Sources: asm-generic/errno.h of Linux; bsd/sys/errno.h
 * of xnu-11417, zerrors_darwin_{amd64,arm64}.go of golang/sys and src/unix/bsd/apple/mod.rs of rust-lang/libc, which agree.
 *
 * @param tryAgain {@code EAGAIN}, the same as {@code EWOULDBLOCK}
 * @param noSuchCall {@code ENOSYS}
 * @param notSupported {@code ENOTSUP}
 * @param notSupportedOnSocket {@code EOPNOTSUPP}, which Linux makes no difference to
 * @param quotaReached {@code EDQUOT}
 * @param noSuchAttribute {@code ENODATA} of Linux, {@code ENOATTR} of Darwin
 * @param tooManyLinks {@code ELOOP}
 */
record KernelErrors(
        int tryAgain,
        int noSuchCall,
        int notSupported,
        int notSupportedOnSocket,
        int quotaReached,
        int noSuchAttribute,
        int tooManyLinks) {
    static final KernelErrors OF_LINUX = new KernelErrors(11, 38, 95, 95, 122, 61, 40);
    static final KernelErrors OF_DARWIN = new KernelErrors(35, 78, 45, 102, 69, 93, 62);

    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int ENXIO = 6;
    static final int E2BIG = 7;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int EEXIST = 17;
    static final int EXDEV = 18;
    static final int EINVAL = 22;
    static final int ENOTTY = 25;
    static final int ENOSPC = 28;
    static final int EMLINK = 31;
    static final int ERANGE = 34;

    /** Whether a file system or kernel cannot do a thing at all. */
    boolean isUnsupported(int error) {
        return error == notSupported || error == notSupportedOnSocket || error == noSuchCall || error == ENOTTY;
    }

    boolean isDiskFull(int error) {
        return error == ENOSPC || error == quotaReached;
    }
}
