package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.Xattrs;
import java.util.Map;
import java.util.function.Predicate;

/** Owner, permissions, extended attributes (file capabilities and ACLs among them) and times, from one file to another. */
final class TreeAttributes {
    private TreeAttributes() {}

    /**
     * Of an open directory.
     *
     * @param wanted the names of the attributes to give on, and to take away where the original has none
     */
    static void copy(Dir from, Dir to, Predicate<String> wanted) throws HostException {
        FileStat stat = from.stat();
        to.chown(stat.uid(), stat.gid());
        Map<String, byte[]> all = from.xattrs(".").all();
        Xattrs attributes = to.xattrs(".");
        // A directory inherits the default ACL of the one it is made in.
        for (String name : attributes.all().keySet()) {
            if (wanted.test(name) && !all.containsKey(name)) {
                attributes.remove(name);
            }
        }
        for (Map.Entry<String, byte[]> attribute : all.entrySet()) {
            if (wanted.test(attribute.getKey())) {
                attributes.set(attribute.getKey(), attribute.getValue());
            }
        }
        to.chmod(stat.mode());
        to.setTime(stat.mtime());
    }

    /** Of a name in a directory that has no attributes yet. The owner first: changing him takes capabilities and set-uid bits away. */
    static void copy(Dir from, Dir to, String name, FileStat stat) throws HostException {
        to.chown(name, stat.uid(), stat.gid());
        Map<String, byte[]> all = from.xattrs(name).all();
        if (!all.isEmpty()) {
            Xattrs attributes = to.xattrs(name);
            for (Map.Entry<String, byte[]> attribute : all.entrySet()) {
                attributes.set(attribute.getKey(), attribute.getValue());
            }
        }
        if (!stat.isSymlink()) {
            to.chmod(name, stat.mode());
        }
        to.setTime(name, stat.mtime());
    }
}
