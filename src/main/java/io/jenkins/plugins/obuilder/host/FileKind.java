package io.jenkins.plugins.obuilder.host;

/** What a name in a directory stands for. */
public enum FileKind {
    FILE(0100000, 8, "a file"),
    DIRECTORY(0040000, 4, "a directory"),
    SYMLINK(0120000, 10, "a symbolic link"),
    FIFO(0010000, 1, "a named pipe"),
    SOCKET(0140000, 12, "a socket"),
    CHARACTER_DEVICE(0020000, 2, "a character device"),
    BLOCK_DEVICE(0060000, 6, "a block device");

    private static final int FORMAT = 0170000;

    /** The bits of {@code st_mode} that say it. */
    final int bits;

    private final int directoryType;
    private final String description;

    FileKind(int bits, int directoryType, String description) {
        this.bits = bits;
        this.directoryType = directoryType;
        this.description = description;
    }

    /** With its article, for messages. */
    public String description() {
        return description;
    }

    static FileKind ofMode(int mode) {
        for (FileKind kind : values()) {
            if ((mode & FORMAT) == kind.bits) {
                return kind;
            }
        }
        throw new IllegalArgumentException("unknown kind of file: mode " + Integer.toOctalString(mode));
    }

    /** Of {@code d_type}; null for {@code DT_UNKNOWN}, which some file systems answer. */
    static FileKind ofDirectoryType(int type) {
        for (FileKind kind : values()) {
            if (kind.directoryType == type) {
                return kind;
            }
        }
        return null;
    }
}
