package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;

/**
 * What a kernel does with files. The calls fail with its own numbers of errors ({@code LastErrorException}); names are NUL-terminated bytes.
 *
 * @param errors what the numbers mean
 * @param names what is done to names in open directories
 * @param open what is done to open files and directories
 * @param attributes extended attributes
 */
record FileCalls(KernelErrors errors, NameCalls names, DescriptorCalls open, XattrCalls attributes) {
    /** In the place of a directory: paths are absolute, or relative to where this process works. */
    static final int NO_DIRECTORY = Integer.MIN_VALUE;

    /** Holds what this process uses: the other kernel's classes are never loaded. */
    private static final class Here {
        static final FileCalls CALLS = Kernel.isLinux() ? ofLinux() : DarwinFiles.calls();
    }

    /** Of the kernel that this process runs on. */
    static FileCalls here() {
        return Here.CALLS;
    }

    private static FileCalls ofLinux() {
        return new FileCalls(KernelErrors.OF_LINUX, new LinuxNames(), new LinuxDescriptors(), new LinuxXattrs());
    }

    /** The bytes of a byte string, with the NUL that libc wants. */
    static byte[] name(String byteString) {
        if (byteString.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL byte in a file name");
        }
        return Bytes.toBytes(byteString + "\0");
    }

    /** @param display the file's name as a byte string */
    FileException failed(String what, String display, LastErrorException e) {
        return new FileException(what, Bytes.toText(display), errors, e.getErrorCode());
    }
}
