package io.jenkins.plugins.obuilder.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * POSIX ACLs: tar archives carry them as text ({@code user::rwx,user:1000:r-x,…}), Linux keeps them as an extended attribute.
 *
 * @see <a href="https://github.com/torvalds/linux/blob/master/include/uapi/linux/posix_acl_xattr.h">posix_acl_xattr.h</a>
 */
final class PosixAcl {
    private static final int VERSION = 2;
    private static final int NO_ID = -1;

    private record Ace(int tag, int permissions, int id) {}

    private PosixAcl() {}

    /** The attribute's value for an ACL as text, the short and the long form, with star's number as a fourth field. */
    static byte[] toXattr(String text) throws ImageException {
        List<Ace> entries = new ArrayList<>();
        for (String line : text.split("[,\n]")) {
            String entry = line.replaceFirst("#.*", "").strip();
            if (!entry.isEmpty()) {
                entries.add(ace(entry));
            }
        }
        entries.sort(Comparator.comparingInt(Ace::tag)
                .thenComparing(Ace::id, Integer::compareUnsigned)); // as the kernel wants them
        ByteBuffer value = ByteBuffer.allocate(4 + 8 * entries.size()).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(VERSION);
        for (Ace ace : entries) {
            value.putShort((short) ace.tag())
                    .putShort((short) ace.permissions())
                    .putInt(ace.id());
        }
        return value.array();
    }

    private static Ace ace(String entry) throws ImageException {
        String[] parts = entry.split(":", -1);
        if (parts.length < 2) {
            throw unreadable(entry, "it has no permissions");
        }
        boolean shortForm = parts.length == 2; // "mask:rwx" and "other:rwx" of Solaris and old star
        String who = shortForm ? "" : parts[1];
        String number = parts.length > 3 ? parts[3] : who;
        int id = who.isEmpty() ? NO_ID : id(number, entry);
        int permissions = permissions(shortForm ? parts[1] : parts[2], entry);
        int tag = switch (parts[0]) {
            case "user", "u" -> who.isEmpty() ? 0x01 : 0x02;
            case "group", "g" -> who.isEmpty() ? 0x04 : 0x08;
            case "mask", "m" -> 0x10;
            case "other", "o" -> 0x20;
            default -> throw unreadable(entry, "it is for neither user, group, mask nor other");
        };
        return new Ace(tag, permissions, id);
    }

    private static int id(String number, String entry) throws ImageException {
        if (!number.matches("[0-9]{1,10}") || Long.parseLong(number) >= 0xffffffffL) {
            throw unreadable(
                    entry, "names mean nothing outside the machine they come from; archive it with --numeric-owner");
        }
        return (int) Long.parseLong(number);
    }

    private static int permissions(String text, String entry) throws ImageException {
        String shown = text.strip();
        if (!shown.matches("[r-][w-][x-]")) {
            throw unreadable(entry, "its permissions are not like rwx");
        }
        return (shown.charAt(0) == 'r' ? 4 : 0) | (shown.charAt(1) == 'w' ? 2 : 0) | (shown.charAt(2) == 'x' ? 1 : 0);
    }

    private static ImageException unreadable(String entry, String why) {
        return new ImageException("its ACL has an entry " + ImageException.quote(entry) + ": " + why);
    }
}
