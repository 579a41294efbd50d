package io.jenkins.plugins.obuilder.host;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * Commands start with the signals' defaults, whatever this process inherited. A shell that runs it in the background lets it ignore INT and
 * QUIT, {@code nohup} lets it ignore HUP, and Java blocks QUIT in its own threads: all that would come down to build steps, in which
 * {@code kill -INT} then did nothing. A signal that this process was told to ignore it goes on taking no notice of.
 *
 * <p>Source: POSIX, {@code exec}: what is ignored or blocked stays so, what is caught gets its default.
 */
final class UsualSignals {
    private static final int[] INHERITED = {1, 2, 3, 15}; // HUP, INT, QUIT, TERM: the same numbers on Linux and macOS
    private static final int QUIT = 3;
    private static final long IGNORED = 1;
    private static final int SET_BYTES = 128; // sigset_t: 128 bytes with glibc, 4 on macOS
    private static final int ACTION_BYTES =
            256; // struct sigaction: 152 bytes with glibc, 16 on macOS; the handler comes first
    private static final int SIG_UNBLOCK = Platform.isMac() ? 2 : 1;
    private static final int SIG_SETMASK = Platform.isMac() ? 3 : 2;

    private static final NativeBuffer QUIT_ALONE = new NativeBuffer(SET_BYTES);

    static {
        NativeCode.bind(UsualSignals.class);
        catchIgnored();
        sigemptyset(QUIT_ALONE.at(0));
        sigaddset(QUIT_ALONE.at(0), QUIT);
    }

    private UsualSignals() {}

    private static native int sigaction(int signal, Pointer action, long old);

    private static native Pointer signal(int signal, Pointer handler);

    private static native int sigemptyset(long set);

    private static native int sigaddset(long set, int signal);

    private static native int pthread_sigmask(int how, long set, long old);

    /** A caught signal gets its default in a command. The handler is a function of the C library that does nothing, in any state. */
    private static void catchIgnored() {
        Pointer doesNothing = NativeLibrary.getProcess().getFunction("getpid");
        NativeBuffer action = new NativeBuffer(ACTION_BYTES);
        for (int signal : INHERITED) {
            if (sigaction(signal, Pointer.NULL, action.at(0)) == 0
                    && action.bytes().getLong(0) == IGNORED) {
                signal(signal, doesNothing);
            }
        }
    }

    /** Starts a process. */
    static Process start(ProcessBuilder builder) throws IOException {
        NativeBuffer before = new NativeBuffer(SET_BYTES);
        pthread_sigmask(SIG_UNBLOCK, QUIT_ALONE.at(0), before.at(0));
        try {
            return builder.start();
        } finally {
            pthread_sigmask(SIG_SETMASK, before.at(0), 0);
        }
    }
}
