package io.jenkins.plugins.obuilder.host;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/** Binds native methods to the C library, which every process has loaded already: it need not be looked for. */
final class NativeCode {
    private NativeCode() {}

    /** Binds the native methods of a class to functions of the same names. */
    static void bind(Class<?> type) {
        Native.register(type, NativeLibrary.getProcess());
    }

    /** The same for functions, constants and layouts that are those of Linux. */
    static void bindToLinux(Class<?> type) {
        if (!Kernel.isLinux()) {
            throw new IllegalStateException(
                    type.getSimpleName() + " has calls of Linux, and this is " + Kernel.current());
        }
        bind(type);
    }
}
