package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a user's processes leave on a host that they share with others, and its removal: files in directories that everybody can write
 * to, jobs for later, mail, System V IPC objects. No process of the user may live.
 */
public final class LinuxLeftovers {
    private static final Logger LOG = LoggerFactory.getLogger(LinuxLeftovers.class);

    private static final List<Path> SHARED = List.of(
            Path.of("/tmp"),
            Path.of("/var/tmp"),
            Path.of("/dev/shm"),
            // POSIX message queues.
            Path.of("/dev/mqueue"),
            Path.of("/run/lock"),
            Path.of("/var/crash"));

    /** Their files belong to the user, but the directories are written to by programs that have the right. */
    private static final List<Path> SPOOLS = List.of(
            Path.of("/var/spool/cron"),
            Path.of("/var/spool/cron/crontabs"),
            Path.of("/var/spool/cron/tabs"),
            Path.of("/var/spool/cron/atjobs"),
            Path.of("/var/spool/at"),
            Path.of("/var/spool/atjobs"),
            Path.of("/var/mail"));

    private static final int DEEPEST = 8;

    /** Lists of the objects, proc(5), and ipcrm(1)'s options for them. */
    private static final Map<Path, String> IPC = Map.of(
            Path.of("/proc/sysvipc/msg"), "-q", Path.of("/proc/sysvipc/sem"), "-s", Path.of("/proc/sysvipc/shm"), "-m");

    private static final int ID = 1;

    private final Commands commands;

    public LinuxLeftovers(Commands commands) {
        this.commands = commands;
    }

    /** Removes all of it, as far as it goes: what cannot be removed is logged. */
    public void remove(int uid) throws HostException {
        removeIpc(uid);
        for (Path shared : SHARED) {
            OwnedFiles.remove(shared, uid, DEEPEST);
        }
        for (Path spool : SPOOLS) {
            OwnedFiles.remove(spool, uid, 1);
        }
    }

    /** Whoever made an object can give it to another user, but stays its maker. */
    private void removeIpc(int uid) throws HostException {
        String number = Integer.toString(uid);
        for (Map.Entry<Path, String> kind : IPC.entrySet()) {
            List<String> lines = lines(kind.getKey());
            if (lines.isEmpty()) {
                continue;
            }
            List<String> columns = List.of(lines.get(0).strip().split("\\s+"));
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.strip().split("\\s+");
                if (words[columns.indexOf("uid")].equals(number) || words[columns.indexOf("cuid")].equals(number)) {
                    CommandResult removed = commands.execute(removal(number, kind.getValue(), words[ID]));
                    if (!removed.succeeded()) {
                        LOG.warn("cannot remove what a build has left: {}", removed.complaint());
                    }
                }
            }
        }
    }

    /** As that user: where namespaces are refused, root often has not the right to remove other users' objects. */
    private static HostCommand removal(String uid, String option, String id) {
        return HostCommand.of("remove a System V IPC object", "setpriv", "--reuid=" + uid, "--regid=" + uid)
                .args("--clear-groups", "ipcrm", option, id);
    }

    private static List<String> lines(Path list) throws HostException {
        try {
            // A kernel can be without them.
            return Files.exists(list) ? Files.readAllLines(list, StandardCharsets.US_ASCII) : List.of();
        } catch (IOException e) {
            throw new HostException("cannot list the System V IPC objects: " + e.getMessage(), e);
        }
    }
}
