package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.FuseConnection;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes requests from the kernel, has them answered and sends the replies, in several threads, until it is unmounted. */
final class FuseServer {
    private static final Logger LOG = LoggerFactory.getLogger(FuseServer.class);

    private static final int MAJOR = 7;

    private static final int ASYNC_READ = 1;
    private static final int ATOMIC_O_TRUNC = 1 << 3;
    private static final int BIG_WRITES = 1 << 5;
    private static final int PARALLEL_DIROPS = 1 << 18;
    private static final int MAX_PAGES = 1 << 22;
    private static final int ALWAYS = ASYNC_READ | ATOMIC_O_TRUNC | BIG_WRITES | PARALLEL_DIROPS | MAX_PAGES;
    private static final int PAGE = 4096;

    private final FuseConnection connection;
    private final FileSystem files;
    private final Dialect dialect;
    private final int ourPid = (int) ProcessHandle.current().pid();
    private final List<Thread> threads = new ArrayList<>();

    FuseServer(FuseConnection connection, FileSystem files, Dialect dialect) {
        this.connection = connection;
        this.files = files;
        this.dialect = dialect;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            Thread thread = new Thread(this::serve, "fuse-" + i);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** Waits until it is unmounted. */
    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void serve() {
        Request request = new Request();
        Reply reply = new Reply(dialect);
        Descriptors calls = new Descriptors();
        try {
            ServerProcess.keepRightsToActAsUsers();
            while (connection.receive(request.buffer()) != 0) {
                reply.begin();
                int error = answer(request, reply, calls);
                if (error != FileSystem.NO_REPLY) {
                    connection.send(reply.buffer(), reply.finish(request.unique(), error));
                }
            }
        } catch (HostException e) {
            LOG.error("{}", e.getMessage());
        }
    }

    private int answer(Request request, Reply reply, Descriptors calls) {
        try {
            return switch (request.opcode()) {
                case Opcodes.INIT -> init(request, reply);
                case Opcodes.DESTROY -> 0;
                case Opcodes.INTERRUPT -> FileSystem.NO_REPLY;
                // Whatever in this process looks at its own mount would wait for itself, sooner or later.
                default -> request.pid() == ourPid ? refused(request) : files.answer(request, reply, calls);
            };
        } catch (IOException e) {
            LOG.warn("{}", e.getMessage());
            return Errno.EIO;
        } catch (RuntimeException e) {
            LOG.error("cannot answer request {} for the user {}", request.opcode(), request.uid(), e);
            return Errno.EIO;
        }
    }

    private static int refused(Request request) {
        int opcode = request.opcode();
        return opcode == Opcodes.FORGET || opcode == Opcodes.BATCH_FORGET ? FileSystem.NO_REPLY : Errno.EACCES;
    }

    /** {@code struct fuse_init_out}: what is spoken, of what the kernel offers. */
    private int init(Request request, Reply reply) {
        int major = request.getInt(0);
        int minor = request.getInt(4);
        if (major < MAJOR || major == MAJOR && minor < dialect.oldestMinor()) {
            LOG.error(
                    "the kernel speaks version {}.{} of FUSE, and {}.{} is needed",
                    major,
                    minor,
                    MAJOR,
                    dialect.oldestMinor());
            return Errno.EIO;
        }
        int offered = request.getInt(12);
        int newest = dialect.newestMinor();
        reply.putInt(MAJOR).putInt(major > MAJOR ? newest : Math.min(minor, newest));
        reply.putInt(request.getInt(8)).putInt(offered & dialect.abilities(ALWAYS | files.abilities()));
        reply.putShort(64).putShort(48).putInt(Request.MAX_DATA);
        if (dialect == Dialect.MACFUSE) {
            // What follows came with 7.23.
            return 0;
        }
        reply.putInt(1).putShort(Request.MAX_DATA / PAGE).putShort(0).putZeros(32);
        return 0;
    }
}
