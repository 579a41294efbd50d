package io.jenkins.plugins.obuilder.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a user's processes leave outside its home when they have ended, and its removal. No process of the user may live. */
public final class MacLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(MacLeftovers.class);

    /** Everybody can make files there. On macOS /tmp and /var are links into /private. */
    private static final List<Path> SHARED = List.of(
            Path.of("/private/tmp"),
            Path.of("/private/var/tmp"),
            Path.of("/Users/Shared"),
            // Jobs of at(1).
            Path.of("/private/var/at/jobs"),
            Path.of("/private/var/at/tabs"));

    /** Temporary directories of the users, {@code XX/YYYY}, as confstr(3) makes them. */
    private static final Path FOLDERS = Path.of("/private/var/folders");

    private static final int DEEPEST = 8;

    private final Commands commands;

    public MacLeftovers(Commands commands) {
        this.commands = commands;
    }

    /** Removes all of it, as far as it goes: what cannot be removed is logged. */
    public void remove(String name, int uid) throws HostException {
        removeIpc(name);
        CommandResult crontab = commands.execute(MacTools.removeCrontab(name));
        if (!crontab.succeeded()
                && !crontab.complaint().contains("no crontab for")
                && !crontab.complaint().contains("unknown")) {
            LOG.warn("cannot remove the crontab of {}: {}", name, crontab.complaint());
        }
        for (Path shared : SHARED) {
            OwnedFiles.remove(shared, uid, DEEPEST);
        }
        removeFolders(uid);
    }

    private void removeIpc(String name) throws HostException {
        for (String line : commands.run(MacTools.listIpc()).lines()) {
            String[] words = line.strip().split("\\s+");
            if (words.length >= 6 && words[0].matches("[mqs]") && words[4].equals(name)) {
                commands.execute(MacTools.removeIpc(words[0], words[1]));
            }
        }
    }

    private static void removeFolders(int uid) throws HostException {
        if (!Files.isDirectory(FOLDERS)) {
            return;
        }
        try (Dir folders = Dir.open(FOLDERS)) {
            for (Dir.Entry entry : folders.list()) {
                if (isDirectory(folders, entry.name())) {
                    try (Dir first = folders.openDir(entry.name())) {
                        OwnedFiles.remove(first, uid, 1);
                    }
                }
            }
        }
    }

    private static boolean isDirectory(Dir parent, String name) throws HostException {
        return parent.stat(name).filter(FileStat::isDirectory).isPresent();
    }
}
