package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.NativeBuffer;

/** Answers what is asked about the files of one tree, with its user's rights alone: whoever asks has been found to be that user. */
final class TreeFiles {
    /** What is remembered of one user might be shown to the next, so nothing is. */
    private static final long NOT_REMEMBERED = 0;

    private static final int PERMISSIONS = 07777;

    private static final int SET_MODE = 1;
    private static final int SET_UID = 1 << 1;
    private static final int SET_GID = 1 << 2;
    private static final int SET_SIZE = 1 << 3;
    private static final int SET_ATIME = 1 << 4;
    private static final int SET_MTIME = 1 << 5;
    private static final int OF_HANDLE = 1 << 6;
    private static final int ATIME_NOW = 1 << 7;
    private static final int MTIME_NOW = 1 << 8;

    private final Tree tree;
    private final long forbidden;
    private final Request request;
    private final Reply reply;
    private final Descriptors calls;
    private final NativeBuffer in;

    TreeFiles(Tree tree, long forbidden, Request request, Reply reply, Descriptors calls) {
        this.tree = tree;
        this.forbidden = forbidden;
        this.request = request;
        this.reply = reply;
        this.calls = calls;
        in = request.buffer();
    }

    int answer() {
        Nodes.Node node = tree.nodes.get(request.node());
        if (node == null) {
            return Errno.ESTALE;
        }
        return switch (request.opcode()) {
            case Opcodes.LOOKUP -> entry(node, request.at(0));
            case Opcodes.GETATTR -> attributes(node);
            case Opcodes.SETATTR -> change(node);
            case Opcodes.READLINK -> filled(calls.readLink(node.fd, reply.buffer(), Reply.HEADER, 4096));
            case Opcodes.ACCESS -> error(calls.access(node.fd, request.getInt(0)));
            case Opcodes.OPEN -> open(node, request.getInt(0));
            case Opcodes.OPENDIR -> openDirectory(node);
            case Opcodes.CREATE -> create(node);
            case Opcodes.MKDIR -> {
                int made = calls.makeDirectory(node.fd, in, request.at(8), request.getInt(0) & PERMISSIONS);
                yield made < 0 ? -made : entry(node, request.at(8));
            }
            case Opcodes.MKNOD -> makeNode(node);
            case Opcodes.SYMLINK -> {
                int made = calls.makeLink(in, request.endOfText(request.at(0)), node.fd, request.at(0));
                yield made < 0 ? -made : entry(node, request.at(0));
            }
            case Opcodes.LINK -> link(node);
            case Opcodes.UNLINK -> error(calls.remove(node.fd, in, request.at(0), false));
            case Opcodes.RMDIR -> error(calls.remove(node.fd, in, request.at(0), true));
            case Opcodes.RENAME -> rename(node, request.at(8), 0);
            case Opcodes.RENAME2 -> rename(node, request.at(16), request.getInt(8));
            case Opcodes.SETXATTR -> setXattr(node);
            case Opcodes.GETXATTR -> {
                int size = Math.min(request.getInt(0), Request.MAX_DATA);
                yield sized(size, calls.xattr(node.fd, in, request.at(8), reply.buffer(), Reply.HEADER, size));
            }
            case Opcodes.LISTXATTR -> {
                int size = Math.min(request.getInt(0), Request.MAX_DATA);
                yield sized(size, calls.xattrs(node.fd, reply.buffer(), Reply.HEADER, size));
            }
            case Opcodes.REMOVEXATTR -> error(calls.removeXattr(node.fd, in, request.at(0)));
            default -> Errno.ENOSYS;
        };
    }

    private static int error(int answer) {
        return answer < 0 ? -answer : 0;
    }

    private int filled(int answer) {
        if (answer < 0) {
            return -answer;
        }
        reply.filled(answer);
        return 0;
    }

    /** Of a question that asked with a size of 0 how much there is. */
    private int sized(int size, int answer) {
        if (size > 0 || answer < 0) {
            return filled(answer);
        }
        reply.putInt(answer).putInt(0);
        return 0;
    }

    private int entry(Nodes.Node dir, int name) {
        int fd = calls.node(dir.fd, in, name, forbidden);
        return fd < 0 ? -fd : entry(fd);
    }

    private int entry(int fd) {
        int error = calls.stat(fd);
        if (error < 0) {
            calls.close(fd);
            return -error;
        }
        reply.putEntry(tree.nodes.know(fd, calls).number, NOT_REMEMBERED);
        reply.putAttributes(tree.nodes.shownInode(calls), calls);
        return 0;
    }

    private int attributes(Nodes.Node node) {
        int error = calls.stat(node.fd);
        if (error == 0) {
            reply.putAttributesFor(NOT_REMEMBERED).putAttributes(tree.nodes.shownInode(calls), calls);
        }
        return -error;
    }

    private int change(Nodes.Node node) {
        int what = request.getInt(0);
        int error = 0;
        if ((what & (SET_UID | SET_GID)) != 0) {
            int uid = (what & SET_UID) != 0 ? request.getInt(76) : -1;
            int gid = (what & SET_GID) != 0 ? request.getInt(80) : -1;
            error = calls.chown(node.fd, uid, gid);
        }
        if (error == 0 && (what & SET_MODE) != 0) {
            error = calls.chmod(node.fd, request.getInt(68) & PERMISSIONS);
        }
        if (error == 0 && (what & SET_SIZE) != 0) {
            int open = (what & OF_HANDLE) != 0 ? tree.kept(request.getLong(8)) : -1;
            long size = request.getLong(16);
            error = open >= 0 ? calls.truncateOpen(open, size) : calls.truncate(node.fd, size);
        }
        if (error == 0 && (what & (SET_ATIME | SET_MTIME)) != 0) {
            error = calls.setTimes(
                    node.fd,
                    request.getLong(32),
                    nanos(what, SET_ATIME, ATIME_NOW, request.getInt(56)),
                    request.getLong(40),
                    nanos(what, SET_MTIME, MTIME_NOW, request.getInt(60)));
        }
        return error < 0 ? -error : attributes(node);
    }

    private static long nanos(int what, int set, int now, int nanos) {
        if ((what & set) == 0) {
            return Descriptors.KEEP;
        }
        return (what & now) != 0 ? Descriptors.NOW : nanos;
    }

    private int open(Nodes.Node node, int flags) {
        if (node.kind != Tree.REGULAR) {
            return Errno.EINVAL;
        }
        return opened(calls.open(node.fd, flags));
    }

    private int openDirectory(Nodes.Node node) {
        return node.kind == Tree.DIRECTORY ? opened(calls.open(node.fd, Descriptors.O_DIRECTORY)) : Errno.ENOTDIR;
    }

    private int opened(int fd) {
        if (fd < 0) {
            return -fd;
        }
        reply.putLong(tree.keep(fd)).putInt(0).putInt(0);
        return 0;
    }

    private int create(Nodes.Node dir) {
        int flags = request.getInt(0);
        int fd = calls.create(dir.fd, in, request.at(16), flags, request.getInt(4) & PERMISSIONS);
        if (fd < 0) {
            return -fd;
        }
        int node = calls.nodeOf(fd);
        int error = node < 0 ? -node : entry(node);
        if (error != 0) {
            calls.close(fd);
            return error;
        }
        return opened(fd);
    }

    private int makeNode(Nodes.Node dir) {
        int device = request.getInt(4);
        int major = device >>> 8 & 0xfff;
        int minor = device & 0xff | device >>> 12 & 0xfff00;
        int made = calls.makeNode(dir.fd, in, request.at(16), request.getInt(0), major, minor);
        return made < 0 ? -made : entry(dir, request.at(16));
    }

    private int link(Nodes.Node dir) {
        Nodes.Node other = tree.nodes.get(request.getLong(0));
        if (other == null) {
            return Errno.ESTALE;
        }
        int made = calls.link(other.fd, dir.fd, in, request.at(8));
        return made < 0 ? -made : entry(dir, request.at(8));
    }

    private int rename(Nodes.Node dir, int names, int flags) {
        Nodes.Node to = tree.nodes.get(request.getLong(0));
        if (to == null) {
            return Errno.ESTALE;
        }
        return error(calls.rename(dir.fd, in, names, to.fd, request.endOfText(names), flags));
    }

    private int setXattr(Nodes.Node node) {
        int value = request.endOfText(request.at(8));
        return error(calls.setXattr(node.fd, in, request.at(8), value, request.getInt(0), request.getInt(4)));
    }
}
