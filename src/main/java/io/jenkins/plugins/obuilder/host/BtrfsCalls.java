package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;

/** Requests to btrfs and the layouts of their arguments (linux/btrfs.h, linux/btrfs_tree.h), the same on x86_64 and aarch64. */
final class BtrfsCalls {
    /** {@code struct btrfs_ioctl_vol_args} and its second version: each a page. */
    static final int ARGUMENT_BYTES = 4096;

    static final long SUBVOL_CREATE = 0x5000940eL;
    static final long SNAP_DESTROY = 0x5000940fL;
    static final long SNAP_CREATE_V2 = 0x50009417L;
    static final long SNAP_DESTROY_V2 = 0x5000943fL;
    static final long SUBVOL_GETFLAGS = 0x80089419L;
    static final long SUBVOL_SETFLAGS = 0x4008941aL;
    static final long TREE_SEARCH = 0xd0009411L;
    static final long INO_LOOKUP = 0xd0009412L;
    static final long SYNC = 0x9408L;

    static final long READ_ONLY = 2;
    static final long BY_ID = 16;

    /** Where the name stands in the argument, and how long it may be with its NUL. */
    static final int NAME = 8;

    static final int NAME_LIMIT = 256;

    /** In the second version: flags, and the name or number. */
    static final int V2_FLAGS = 16;

    static final int V2_NAME = 56;

    /** The inode of every subvolume's top directory. */
    static final long TOP = 256;

    static final long ROOT_TREE = 1;
    static final int ROOT_REF = 156;
    static final int ORPHAN_ITEM = 48;
    static final long ORPHANS = -5;

    /** {@code FILEID_BTRFS_WITHOUT_PARENT}: inode, tree, generation. */
    static final int HANDLE_TYPE = 0x4d;

    static final int HANDLE_BYTES = 20;

    static {
        NativeCode.bindToLinux(BtrfsCalls.class);
    }

    private BtrfsCalls() {}

    static native int open_by_handle_at(int mount, byte[] handle, int flags) throws LastErrorException;
}
