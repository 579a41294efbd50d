package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.DarwinLibrary.checked;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * By Darwin, which knows no attributes relative to a directory: the file is opened, a link itself. ACLs are not among them. Pipes and
 * sockets have none that could be reached in this way.
 */
final class DarwinXattrs implements XattrCalls {
    private static final byte[] NONE = {};
    private static final int OPEN =
            DarwinLibC.O_RDONLY | DarwinLibC.O_SYMLINK | DarwinLibC.O_NONBLOCK | DarwinLibC.O_CLOEXEC;

    @Override
    public byte[] list(int dir, byte[] name) {
        return with(dir, name, fd -> {
            int size = (int) checked(DarwinLibC.flistxattr(fd, null, 0, 0));
            if (size == 0) {
                return NONE;
            }
            byte[] names = new byte[size];
            return Arrays.copyOf(names, (int) checked(DarwinLibC.flistxattr(fd, names, size, 0)));
        });
    }

    @Override
    public byte[] get(int dir, byte[] name, byte[] attribute) {
        return with(dir, name, fd -> {
            int size = (int) checked(DarwinLibC.fgetxattr(fd, attribute, null, 0, 0, 0));
            if (size == 0) {
                return NONE;
            }
            byte[] value = new byte[size];
            return Arrays.copyOf(value, (int) checked(DarwinLibC.fgetxattr(fd, attribute, value, size, 0, 0)));
        });
    }

    @Override
    public void set(int dir, byte[] name, byte[] attribute, byte[] value) {
        with(dir, name, fd -> checked(DarwinLibC.fsetxattr(fd, attribute, value, value.length, 0, 0)));
    }

    @Override
    public void remove(int dir, byte[] name, byte[] attribute) {
        with(dir, name, fd -> checked(DarwinLibC.fremovexattr(fd, attribute, 0)));
    }

    private static <T> T with(int dir, byte[] name, IntFunction<T> work) {
        int fd = checked(DarwinLibC.openat(dir, name, OPEN));
        try {
            return work.apply(fd);
        } finally {
            DarwinLibC.close(fd);
        }
    }
}
