package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Mounts that only some work and the commands it starts can see. Linux keeps namespaces for each thread, so the work has a thread of
 * its own: no helper program, and no mount can be left behind. What is mounted there must be unmounted at the end of the work all the
 * same: Java may have started a thread of its own from that one, which then keeps the namespace for a while.
 */
public final class PrivateNamespace {
    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final int IFF_UP = 1;

    private static final ThreadLocal<Boolean> INSIDE = ThreadLocal.withInitial(() -> false);

    private PrivateNamespace() {}

    /** A thread belongs to the namespaces of whoever starts it: this one, which is there before any work, starts what must not. */
    private static final class Outside {
        private static final ThreadPoolExecutor STARTER = starter();

        private static ThreadPoolExecutor starter() {
            return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "starts threads");
                thread.setDaemon(true);
                return thread;
            });
        }
    }

    /** Starts a thread that sees the files that this process sees, also when the caller's work sees others. */
    static void startOutside(Thread thread) {
        if (INSIDE.get()) {
            Outside.STARTER.execute(thread::start);
        } else {
            thread.start();
        }
    }

    /** Why it is refused here; empty when it works. */
    public static Optional<String> whyRefused() {
        try {
            call(true, () -> null);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Does the work with a mount and IPC namespace of its own.
     *
     * @param ownNetwork whether with a network of its own, too, with nothing but a loopback
     * @throws HostException when namespaces are refused
     * @throws IOException what the work throws
     */
    public static <T> T call(boolean ownNetwork, Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(() -> {
            INSIDE.set(true);
            enter(ownNetwork);
            return work.call();
        });
        Outside.STARTER.prestartCoreThread();
        Thread thread = new Thread(task, Thread.currentThread().getName() + " (private namespace)");
        thread.start();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    // The work is told, ends early, and cleans up: that has to be waited for.
                    interrupted = true;
                    thread.interrupt();
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException rethrown(Throwable cause) throws IOException {
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return new IOException(cause);
    }

    private static void enter(boolean ownNetwork) throws HostException {
        Kernel.requireLinux("private namespaces");
        try {
            LinuxCalls.unshare(
                    LinuxCalls.CLONE_NEWNS | LinuxCalls.CLONE_NEWIPC | (ownNetwork ? LinuxCalls.CLONE_NEWNET : 0));
        } catch (LastErrorException e) {
            throw new HostException("private namespaces are refused here: " + Posix.describe(e), e);
        }
        LinuxMounts.mount("none", "/", "none", LinuxCalls.MS_REC | LinuxCalls.MS_PRIVATE, "");
        if (ownNetwork) {
            bringLoopbackUp();
        }
    }

    private static void bringLoopbackUp() throws HostException {
        byte[] request = new byte[40];
        byte[] name = "lo".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, request, 0, name.length);
        // A short in the machine's order, after a name of 16 bytes: both processors that run Linux builds are
        // little-endian.
        request[16] = IFF_UP;
        try {
            int socket = LinuxCalls.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            try {
                LinuxCalls.ioctl(socket, SIOCSIFFLAGS, request);
            } finally {
                LinuxCalls.close(socket);
            }
        } catch (LastErrorException e) {
            throw new HostException("cannot bring up the loopback of a private network: " + Posix.describe(e), e);
        }
    }
}
