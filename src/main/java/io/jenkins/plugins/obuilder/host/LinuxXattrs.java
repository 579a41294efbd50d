package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Arrays;

/** By Linux, which knows no attributes relative to a directory: they are reached through the directory's name in /proc. */
final class LinuxXattrs implements XattrCalls {
    /** The kernel's own limit for a value and for the list of names (linux/limits.h). */
    private static final int LIMIT = 65536;

    private static final byte[] NONE = {};

    @Override
    public byte[] list(int dir, byte[] name) {
        byte[] path = path(dir, name);
        if (LinuxFileCalls.llistxattr(path, null, 0) == 0) {
            return NONE; // most files have none: asking for the size is cheaper than passing a buffer
        }
        byte[] names = new byte[LIMIT];
        return Arrays.copyOf(names, (int) LinuxFileCalls.llistxattr(path, names, LIMIT));
    }

    @Override
    public byte[] get(int dir, byte[] name, byte[] attribute) {
        byte[] value = new byte[LIMIT];
        return Arrays.copyOf(value, (int) LinuxFileCalls.lgetxattr(path(dir, name), attribute, value, LIMIT));
    }

    @Override
    public void set(int dir, byte[] name, byte[] attribute, byte[] value) {
        LinuxFileCalls.lsetxattr(path(dir, name), attribute, value, value.length, 0);
    }

    @Override
    public void remove(int dir, byte[] name, byte[] attribute) {
        LinuxFileCalls.lremovexattr(path(dir, name), attribute);
    }

    private static byte[] path(int dir, byte[] name) {
        byte[] prefix = Bytes.toBytes("/proc/self/fd/" + dir + "/");
        byte[] path = Arrays.copyOf(prefix, prefix.length + name.length);
        System.arraycopy(name, 0, path, prefix.length, name.length);
        return path;
    }
}
