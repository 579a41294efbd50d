package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The extended attributes of one file: file capabilities and ACLs among them. Names are byte strings. */
public final class Xattrs {
    /** The kernel's own limit for a value and for the list of names (linux/limits.h). */
    private static final int LIMIT = 65536;

    private final byte[] path;
    private final String display;

    Xattrs(String path, String display) {
        this.path = FileCalls.name(path);
        this.display = display;
    }

    /** All of them, by name; none where the file system has no such thing. */
    public Map<String, byte[]> all() throws HostException {
        Map<String, byte[]> all = new TreeMap<>();
        try {
            if (FileCalls.llistxattr(path, null, 0) == 0) {
                return all; // most files have none: asking for the size is cheaper than passing a buffer
            }
            byte[] names = new byte[LIMIT];
            int n = (int) FileCalls.llistxattr(path, names, LIMIT);
            if (n == 0) {
                return all;
            }
            byte[] value = new byte[LIMIT];
            for (String name : Bytes.of(Arrays.copyOf(names, n)).split("\0")) {
                int size = (int) FileCalls.lgetxattr(path, FileCalls.name(name), value, LIMIT);
                all.put(name, Arrays.copyOf(value, size));
            }
            return all;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == FileCalls.EOPNOTSUPP) {
                return all;
            }
            throw Dir.failed("read the attributes of", display, e);
        }
    }

    public void set(String name, byte[] value) throws HostException {
        try {
            FileCalls.lsetxattr(path, FileCalls.name(name), value, value.length, 0);
        } catch (LastErrorException e) {
            throw Dir.failed("set the attribute " + Bytes.toText(name) + " of", display, e);
        }
    }

    /** Does nothing when there is none of that name. */
    public void remove(String name) throws HostException {
        try {
            FileCalls.lremovexattr(path, FileCalls.name(name));
        } catch (LastErrorException e) {
            if (e.getErrorCode() != FileCalls.ENODATA) {
                throw Dir.failed("remove the attribute " + Bytes.toText(name) + " of", display, e);
            }
        }
    }
}
