package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.Cgroups;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Control groups as crun wants them, for this process and those that it starts: where both versions are mounted beside each other, the second
 * is left out. What is of one version is left as it is. Needs private namespaces.
 */
public final class PlainCgroups implements Closeable {
    private static final String LEAVE_OUT = """
            new=$(mktemp -d)
            mount -t tmpfs -o mode=755 tmpfs "$new"
            for controller in /sys/fs/cgroup/*/; do
                name=$(basename "$controller")
                if [ "$(stat -f -c %T "$controller")" = cgroupfs ]; then
                    mkdir "$new/$name"
                    mount --bind "$controller" "$new/$name"
                fi
            done
            mount --move "$new" /sys/fs/cgroup
            rmdir "$new"
            """;

    private final boolean changed;

    private PlainCgroups(boolean changed) {
        this.changed = changed;
    }

    /** Until it is closed. */
    public static PlainCgroups make() throws IOException {
        boolean hybrid = Cgroups.hybrid();
        if (hybrid) {
            Tools.run(Path.of("/"), "sh", "-euc", LEAVE_OUT);
        }
        return new PlainCgroups(hybrid);
    }

    /** What was done, for people. */
    @Override
    public String toString() {
        return changed ? "the unified hierarchy is hidden" : "as they are";
    }

    @Override
    public void close() throws IOException {
        if (changed) {
            Tools.run(Path.of("/"), "umount", "-R", "/sys/fs/cgroup");
        }
    }
}
