package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.NativeBuffer;
import java.nio.ByteBuffer;

/** Answers what is asked about files and directories that are open: whoever has one open was allowed to open it, or has been given it. */
final class OpenFiles {
    private static final int DATA_ONLY = 1;
    private static final int ENTRY_HEADER = 19;

    private final Tree tree;
    private final Request request;
    private final Reply reply;
    private final Descriptors calls;

    OpenFiles(Tree tree, Request request, Reply reply, Descriptors calls) {
        this.tree = tree;
        this.request = request;
        this.reply = reply;
        this.calls = calls;
    }

    /** Whether a request is about something open, which its first number names. */
    static boolean concerns(int opcode) {
        return switch (opcode) {
            case Opcodes.READ,
                    Opcodes.WRITE,
                    Opcodes.RELEASE,
                    Opcodes.FSYNC,
                    Opcodes.READDIR,
                    Opcodes.RELEASEDIR,
                    Opcodes.FSYNCDIR,
                    Opcodes.FALLOCATE,
                    Opcodes.LSEEK,
                    Opcodes.COPY_FILE_RANGE -> true;
            default -> false;
        };
    }

    int answer() {
        long handle = request.getLong(0);
        int fd = tree.kept(handle);
        if (fd < 0) {
            return Errno.ESTALE;
        }
        return switch (request.opcode()) {
            case Opcodes.READ -> read(fd);
            case Opcodes.WRITE ->
                written(calls.write(fd, request.buffer(), request.at(40), request.getInt(16), request.getLong(8)));
            case Opcodes.READDIR -> list(fd);
            case Opcodes.FSYNC, Opcodes.FSYNCDIR -> error(calls.sync(fd, (request.getInt(8) & DATA_ONLY) != 0));
            case Opcodes.FALLOCATE ->
                error(calls.allocate(fd, request.getInt(24), request.getLong(8), request.getLong(16)));
            case Opcodes.LSEEK -> seek(fd);
            case Opcodes.COPY_FILE_RANGE -> copy(fd);
            default -> {
                tree.release(handle, calls);
                yield 0;
            }
        };
    }

    private static int error(int answer) {
        return answer < 0 ? -answer : 0;
    }

    private int written(int answer) {
        if (answer < 0) {
            return -answer;
        }
        reply.putInt(answer).putInt(0);
        return 0;
    }

    private int read(int fd) {
        int size = Math.min(request.getInt(16), Request.MAX_DATA);
        int n = calls.read(fd, reply.buffer(), Reply.HEADER, size, request.getLong(8));
        if (n < 0) {
            return -n;
        }
        reply.filled(n);
        return 0;
    }

    private int seek(int fd) {
        long found = calls.seek(fd, request.getLong(8), request.getInt(16));
        if (found < 0) {
            return (int) -found;
        }
        reply.putLong(found);
        return 0;
    }

    private int copy(int fd) {
        int to = tree.kept(request.getLong(24));
        return to < 0
                ? Errno.ESTALE
                : written(calls.copyRange(fd, request.getLong(8), to, request.getLong(32), request.getLong(40)));
    }

    /** A position is what the directory itself calls it, so a listing goes on right when names come and go in between. */
    private int list(int fd) {
        int limit = Math.min(request.getInt(16), Request.MAX_DATA / 2);
        long position = request.getLong(8);
        // What was asked has been read; its buffer has room for the entries as the directory gives them.
        NativeBuffer block = request.buffer();
        int n;
        synchronized (tree) {
            n = calls.list(fd, position, block, Request.HEADER, limit);
        }
        if (n < 0) {
            return -n;
        }
        ByteBuffer bytes = block.bytes();
        for (int at = Request.HEADER; at < Request.HEADER + n; at += bytes.getShort(at + 16) & 0xffff) {
            byte[] name = new byte[request.endOfText(at + ENTRY_HEADER) - at - ENTRY_HEADER - 1];
            bytes.get(at + ENTRY_HEADER, name);
            int type = bytes.get(at + 18);
            if (!reply.putDirectoryEntry(bytes.getLong(at), bytes.getLong(at + 8), type, name, limit)) {
                break;
            }
        }
        return 0;
    }
}
