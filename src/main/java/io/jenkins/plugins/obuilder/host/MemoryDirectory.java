package io.jenkins.plugins.obuilder.host;

import java.io.Closeable;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory of macOS' that lies in memory, where that can be had, so that what is in it is on no disk. */
public final class MemoryDirectory implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryDirectory.class);

    private final Commands commands;
    private final Path directory;
    private final boolean mounted;

    private MemoryDirectory(Commands commands, Path directory, boolean mounted) {
        this.commands = commands;
        this.directory = directory;
        this.mounted = mounted;
    }

    /** Mounts memory at an empty directory, or leaves that as it is where it is refused. */
    public static MemoryDirectory mount(Commands commands, Path directory) throws HostException {
        boolean mounted = false;
        if (commands.find("mount_tmpfs").isPresent()) {
            CommandResult result = commands.execute(MacTools.mountMemory(directory));
            mounted = result.succeeded();
            if (!mounted) {
                LOG.warn("{} lies on a disk: {}", directory, result.complaint());
            }
        }
        return new MemoryDirectory(commands, directory, mounted);
    }

    /** Whether it lies in memory. */
    public boolean isInMemory() {
        return mounted;
    }

    @Override
    public void close() throws HostException {
        if (mounted) {
            unmount(commands, directory);
        }
    }

    private static void unmount(Commands commands, Path directory) throws HostException {
        if (!commands.execute(MacTools.unmount(directory)).succeeded()) {
            commands.run(MacTools.unmountByForce(directory));
        }
    }

    /** Unmounts what a crashed process may have left mounted there. It fails when there is nothing. */
    public static CommandResult tryUnmount(Commands commands, Path directory) throws HostException {
        return commands.execute(MacTools.unmount(directory));
    }
}
