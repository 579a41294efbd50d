package io.jenkins.plugins.obuilder.host;

import com.sun.jna.LastErrorException;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Map;
import java.util.TreeMap;

/** The extended attributes of one file: on Linux file capabilities and ACLs are among them. Names are byte strings. */
public final class Xattrs {
    private final FileCalls calls;
    private final int dir;
    private final byte[] name;
    private final String display;

    Xattrs(FileCalls calls, int dir, String name, String display) {
        this.calls = calls;
        this.dir = dir;
        this.name = FileCalls.name(name);
        this.display = display;
    }

    /** All of them, by name; none where the file system has no such thing. */
    public Map<String, byte[]> all() throws HostException {
        Map<String, byte[]> all = new TreeMap<>();
        try {
            byte[] names = calls.attributes().list(dir, name);
            if (names.length == 0) {
                return all;
            }
            for (String attribute : Bytes.of(names).split("\0")) {
                all.put(attribute, calls.attributes().get(dir, name, FileCalls.name(attribute)));
            }
            return all;
        } catch (LastErrorException e) {
            if (calls.errors().isUnsupported(e.getErrorCode())) {
                return all;
            }
            throw calls.failed("read the attributes of", display, e);
        }
    }

    public void set(String attribute, byte[] value) throws HostException {
        try {
            calls.attributes().set(dir, name, FileCalls.name(attribute), value);
        } catch (LastErrorException e) {
            throw calls.failed("set the attribute " + Bytes.toText(attribute) + " of", display, e);
        }
    }

    /** Does nothing when there is none of that name. */
    public void remove(String attribute) throws HostException {
        try {
            calls.attributes().remove(dir, name, FileCalls.name(attribute));
        } catch (LastErrorException e) {
            if (e.getErrorCode() != calls.errors().noSuchAttribute()) {
                throw calls.failed("remove the attribute " + Bytes.toText(attribute) + " of", display, e);
            }
        }
    }
}
