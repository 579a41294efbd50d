package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.HostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The {@code local} of one user at a time, at the mount's own path. Another user with a link is refused with "busy"; to everybody else it
 * is an empty directory. The kernel keeps one set of names and files for all users and, once it has one, would even throw away what the
 * holder works with when somebody else's question about it failed. So nothing is remembered beyond a single call; and the question
 * whether a name is there is answered truly for a file that the kernel knows, whoever asks, while everything else about it is refused.
 */
final class PassthroughFiles implements FileSystem {
    private static final int EMPTY_DIRECTORY = 0040555;
    private static final int HANDLE_KILLPRIV = 1 << 19;
    private static final int AUTO_INVAL_DATA = 1 << 12;
    private static final int DT_DIR = 4;
    private static final int W_OK = 2;

    /** What somebody to whom the directory is empty has open. */
    private static final long EMPTY_HANDLE = 0;

    private final Tenancy tenancy;
    private final long forbidden;
    private final long mounted = Instant.now().getEpochSecond();

    /** @param forbidden the device of the mount that is served */
    PassthroughFiles(Tenancy tenancy, long forbidden) {
        this.tenancy = tenancy;
        this.forbidden = forbidden;
    }

    @Override
    public int abilities() {
        return HANDLE_KILLPRIV | AUTO_INVAL_DATA;
    }

    @Override
    public int answer(Request request, Reply reply, Descriptors calls) throws HostException {
        int opcode = request.opcode();
        boolean open = OpenFiles.concerns(opcode);
        boolean forget = opcode == Opcodes.FORGET || opcode == Opcodes.BATCH_FORGET;
        if (request.node() == ROOT && !open && !forget) {
            tenancy.arrive(request.uid(), calls);
        }
        tenancy.enter();
        try {
            if (forget) {
                forget(request, calls);
                return NO_REPLY;
            }
            if (opcode == Opcodes.STATFS) {
                return space(reply, calls);
            }
            return open ? open(request, reply, calls) : closed(request, reply, calls);
        } finally {
            tenancy.leave();
        }
    }

    private void forget(Request request, Descriptors calls) {
        Tree tree = tenancy.tree();
        if (tree == null) {
            return;
        }
        if (request.opcode() == Opcodes.FORGET) {
            tree.nodes.forget(request.node(), request.getLong(0), calls);
            return;
        }
        int count = request.getInt(0);
        for (int i = 0; i < count; i++) {
            tree.nodes.forget(request.getLong(8 + 16 * i), request.getLong(16 + 16 * i), calls);
        }
    }

    private int open(Request request, Reply reply, Descriptors calls) {
        if (request.getLong(0) == EMPTY_HANDLE) {
            return request.opcode() == Opcodes.READDIR ? listEmpty(request, reply) : 0;
        }
        Tree tree = tenancy.tree();
        if (tree == null) {
            return Errno.ESTALE;
        }
        actAs(tree, request, calls);
        return new OpenFiles(tree, request, reply, calls).answer();
    }

    private int closed(Request request, Reply reply, Descriptors calls) throws HostException {
        Tenancy.Standing standing = tenancy.standing(request.uid(), calls);
        Tree tree = tenancy.tree();
        if (tree != null) {
            actAs(tree, request, calls);
        }
        return switch (standing) {
            case HOLDER -> new TreeFiles(tree, forbidden, request, reply, calls).answer();
            case OTHER -> request.opcode() == Opcodes.LOOKUP && isKnown(tree, request, reply, calls) ? 0 : Errno.EBUSY;
            case NOBODY -> nobody(tree, request, reply, calls);
        };
    }

    /** The kernel itself asks, too, for one process or another: to write what lies in its memory. It acts for the holder then. */
    private static void actAs(Tree tree, Request request, Descriptors calls) {
        calls.actAs(tree.uid, request.uid() == tree.uid ? request.gid() : tree.uid);
    }

    private boolean isKnown(Tree tree, Request request, Reply reply, Descriptors calls) {
        Nodes.Node dir = tree == null ? null : tree.nodes.get(request.node());
        int fd = dir == null ? -1 : calls.node(dir.fd, request.buffer(), request.at(0), forbidden);
        if (fd < 0) {
            return false;
        }
        if (calls.stat(fd) < 0) {
            calls.close(fd);
            return false;
        }
        Nodes.Node known = tree.nodes.knowAgain(fd, calls);
        if (known == null) {
            return false;
        }
        reply.putEntry(known.number, 0).putAttributes(tree.nodes.shownInode(calls), calls);
        return true;
    }

    private int nobody(Tree tree, Request request, Reply reply, Descriptors calls) {
        boolean root = request.node() == ROOT;
        return switch (request.opcode()) {
            case Opcodes.LOOKUP -> isKnown(tree, request, reply, calls) ? 0 : Errno.ENOENT;
            case Opcodes.GETATTR -> root ? rootAttributes(tree, reply, calls) : Errno.ENOENT;
            case Opcodes.ACCESS -> {
                int denied = (request.getInt(0) & W_OK) == 0 ? 0 : Errno.EROFS;
                yield root ? denied : Errno.ENOENT;
            }
            case Opcodes.OPENDIR -> {
                reply.putLong(EMPTY_HANDLE).putInt(0).putInt(0);
                yield root ? 0 : Errno.ENOENT;
            }
            case Opcodes.OPEN, Opcodes.READLINK -> Errno.ENOENT;
            case Opcodes.GETXATTR, Opcodes.LISTXATTR -> Errno.EOPNOTSUPP;
            // Not "no such file": the kernel would take that for the truth and make the holder's file vanish.
            case Opcodes.SETATTR,
                    Opcodes.CREATE,
                    Opcodes.MKDIR,
                    Opcodes.MKNOD,
                    Opcodes.SYMLINK,
                    Opcodes.LINK,
                    Opcodes.UNLINK,
                    Opcodes.RMDIR,
                    Opcodes.RENAME,
                    Opcodes.RENAME2,
                    Opcodes.SETXATTR,
                    Opcodes.REMOVEXATTR -> Errno.EROFS;
            default -> Errno.ENOSYS;
        };
    }

    /** The kernel has one root directory for all: its attributes are the holder's, while there is one. */
    private int rootAttributes(Tree tree, Reply reply, Descriptors calls) {
        if (tree == null) {
            reply.putAttributesFor(0).putAttributes(ROOT, EMPTY_DIRECTORY, 0, mounted);
            return 0;
        }
        int error = calls.stat(tree.nodes.get(ROOT).fd);
        if (error == 0) {
            reply.putAttributesFor(0).putAttributes(tree.nodes.shownInode(calls), calls);
        }
        return -error;
    }

    private static int listEmpty(Request request, Reply reply) {
        int limit = Math.min(request.getInt(16), Request.MAX_DATA);
        for (long i = Math.max(0, request.getLong(8)); i < 2; i++) {
            byte[] name = (i == 0 ? "." : "..").getBytes(StandardCharsets.US_ASCII);
            if (!reply.putDirectoryEntry(ROOT, i + 1, DT_DIR, name, limit)) {
                break;
            }
        }
        return 0;
    }

    /** {@code struct fuse_kstatfs}; the same for everybody, as the kernel asks for nobody in particular. */
    private int space(Reply reply, Descriptors calls) {
        Tree tree = tenancy.tree();
        if (tree == null) {
            reply.putZeros(40).putInt(4096).putInt(255).putInt(4096).putZeros(28);
            return 0;
        }
        int error = calls.space(tree.nodes.get(ROOT).fd);
        if (error == 0) {
            // struct statvfs: bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid, flag, namemax.
            reply.putLong(calls.longOfSpace(2)).putLong(calls.longOfSpace(3)).putLong(calls.longOfSpace(4));
            reply.putLong(calls.longOfSpace(5)).putLong(calls.longOfSpace(6));
            reply.putInt((int) calls.longOfSpace(0)).putInt((int) calls.longOfSpace(10));
            reply.putInt((int) calls.longOfSpace(1)).putZeros(28);
        }
        return -error;
    }
}
