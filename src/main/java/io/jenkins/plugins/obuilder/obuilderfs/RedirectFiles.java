package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.Errno;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/**
 * A directory with one link, {@code local}, that leads each user to {@code local} in its own home; whoever has none is led to {@code empty}
 * beside it. All but the link's target is the same for everybody and for ever, so the kernel may remember it; the target it asks for each
 * time, with the user who asks. It follows it with that user's rights: what a home makes of its {@code local} is that home's affair.
 */
final class RedirectFiles implements FileSystem {
    static final String LINK = "local";
    static final String EMPTY = "empty";

    private static final long LINK_NODE = 2;
    private static final long EMPTY_NODE = 3;
    private static final int DIRECTORY = 0040555;
    private static final int SYMLINK = 0120777;
    private static final long FOR_EVER = 365L * 24 * 3600;
    private static final int MAX_TARGET = 4095;

    private static final int DT_DIR = 4;
    private static final int DT_LNK = 10;

    private record Name(long node, String name, int type) {}

    private static final List<Name> ROOT_NAMES = List.of(
            new Name(ROOT, ".", DT_DIR),
            new Name(ROOT, "..", DT_DIR),
            new Name(LINK_NODE, LINK, DT_LNK),
            new Name(EMPTY_NODE, EMPTY, DT_DIR));
    private static final List<Name> EMPTY_NAMES =
            List.of(new Name(EMPTY_NODE, ".", DT_DIR), new Name(ROOT, "..", DT_DIR));

    private final Scoreboard scoreboard;
    private final long mounted = Instant.now().getEpochSecond();

    RedirectFiles(Scoreboard scoreboard) {
        this.scoreboard = scoreboard;
    }

    @Override
    public int abilities() {
        return 0;
    }

    @Override
    public int answer(Request request, Reply reply, Descriptors calls) throws HostException {
        return switch (request.opcode()) {
            case Opcodes.LOOKUP -> lookup(request, reply);
            case Opcodes.GETATTR -> {
                reply.putAttributesFor(FOR_EVER);
                putAttributes(request.node(), reply);
                yield 0;
            }
            case Opcodes.READLINK -> readLink(request, reply);
            case Opcodes.OPENDIR -> {
                reply.putLong(0).putInt(0).putInt(0);
                yield 0;
            }
            case Opcodes.READDIR -> list(request, reply);
            case Opcodes.STATFS -> {
                reply.putZeros(40).putInt(4096).putInt(255).putInt(4096).putZeros(28);
                yield 0;
            }
            // W_OK is 2 in access(2).
            case Opcodes.ACCESS -> (request.getInt(0) & 2) == 0 ? 0 : Errno.EROFS;
            case Opcodes.RELEASEDIR -> 0;
            case Opcodes.FORGET, Opcodes.BATCH_FORGET -> NO_REPLY;
            case Opcodes.SETATTR,
                    Opcodes.SYMLINK,
                    Opcodes.MKNOD,
                    Opcodes.MKDIR,
                    Opcodes.UNLINK,
                    Opcodes.RMDIR,
                    Opcodes.RENAME,
                    Opcodes.RENAME2,
                    Opcodes.LINK,
                    Opcodes.CREATE -> Errno.EROFS;
            default -> Errno.ENOSYS;
        };
    }

    private int lookup(Request request, Reply reply) {
        String name = request.text(request.at(0));
        for (Name known : ROOT_NAMES) {
            if (request.node() == ROOT && known.node() != ROOT && known.name().equals(name)) {
                reply.putEntry(known.node(), FOR_EVER);
                putAttributes(known.node(), reply);
                return 0;
            }
        }
        return Errno.ENOENT;
    }

    private void putAttributes(long node, Reply reply) {
        // A length of 0 would be true for nobody; some tools read no more than that of a link.
        boolean link = node == LINK_NODE;
        reply.putAttributes(node, link ? SYMLINK : DIRECTORY, link ? MAX_TARGET : 0, mounted);
    }

    private int readLink(Request request, Reply reply) throws HostException {
        if (request.node() != LINK_NODE) {
            return Errno.EINVAL;
        }
        String target =
                scoreboard.home(request.uid()).map(home -> home + "/" + LINK).orElse(EMPTY);
        if (target.length() > MAX_TARGET) {
            return Errno.EIO;
        }
        reply.put(Bytes.toBytes(target));
        return 0;
    }

    private static int list(Request request, Reply reply) {
        List<Name> names = request.node() == ROOT ? ROOT_NAMES : EMPTY_NAMES;
        int limit = Math.min(request.getInt(16), Request.MAX_DATA);
        for (int i = (int) Math.max(0, request.getLong(8)); i < names.size(); i++) {
            Name entry = names.get(i);
            byte[] name = entry.name().getBytes(StandardCharsets.US_ASCII);
            if (!reply.putDirectoryEntry(entry.node(), i + 1, entry.type(), name, limit)) {
                break;
            }
        }
        return 0;
    }
}
