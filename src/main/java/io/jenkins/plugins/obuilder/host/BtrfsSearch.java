package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A search for items of one kind in btrfs' tree of trees: needs root. */
final class BtrfsSearch {
    private static final int KEY_BYTES = 104;
    private static final int HEADER_BYTES = 32;
    private static final int COUNT_AT = 64;

    private BtrfsSearch() {}

    /** One item: the number it is about, and what it says. */
    record Item(long offset, byte[] data) {
        /** Of a reference to a subvolume: the directory it lies in. */
        long directory() {
            return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
        }

        /** Of a reference to a subvolume: its name there. */
        String name() {
            int length = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getShort(16) & 0xffff;
            return Bytes.of(Arrays.copyOfRange(data, 18, 18 + length));
        }
    }

    /** All items of a type on an object. */
    static List<Item> items(int fd, long object, int type) throws LastErrorException {
        List<Item> items = new ArrayList<>();
        long from = 0;
        while (true) {
            byte[] argument = new byte[BtrfsCalls.ARGUMENT_BYTES];
            ByteBuffer search = ByteBuffer.wrap(argument).order(ByteOrder.nativeOrder());
            search.putLong(BtrfsCalls.ROOT_TREE).putLong(object).putLong(object);
            search.putLong(from).putLong(-1).putLong(0).putLong(-1);
            search.putInt(type).putInt(type).putInt(Integer.MAX_VALUE);
            LinuxFileCalls.ioctl(fd, BtrfsCalls.TREE_SEARCH, argument);
            int count = search.getInt(COUNT_AT);
            int at = KEY_BYTES;
            for (int n = 0; n < count; n++) {
                from = search.getLong(at + 16);
                int length = search.getInt(at + 28);
                items.add(new Item(from, Arrays.copyOfRange(argument, at + HEADER_BYTES, at + HEADER_BYTES + length)));
                at += HEADER_BYTES + length;
            }
            if (count == 0 || from == -1) {
                return items;
            }
            from++;
        }
    }
}
