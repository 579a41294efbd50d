package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileException;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.ProcessUser;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The directory of links {@code UID} → the current home of that user. Only links that this process' own user (root) has made count:
 * where others may write, too, as in {@code /tmp}, theirs lead nobody. Thread-safe.
 */
public final class Scoreboard implements Closeable {
    /** Up to here are the host's own users: nobody leads them anywhere. The reference's limit. */
    public static final int LAST_HOST_UID = 501;

    private static final String UNFINISHED = ".new-";
    private static final int OTHERS_WRITE = 0022;
    private static final int STICKY = 01000;
    private static final int OTHERS_SEARCH = 0001;

    private final Path path;
    private final Dir dir;
    private final int owner;
    private final boolean isPublic;

    private Scoreboard(Path path, Dir dir, int owner, boolean isPublic) {
        this.path = path;
        this.dir = dir;
        this.owner = owner;
        this.isPublic = isPublic;
    }

    /**
     * Opens one. The path is trusted; what is mounted over it later does not matter.
     *
     * @throws HostException when it is not there, or others could replace the links in it
     */
    public static Scoreboard open(Path directory) throws HostException {
        Dir dir = Dir.open(directory);
        boolean ours = false;
        try {
            int owner = ProcessUser.uid();
            FileStat stat = dir.stat();
            boolean others = (stat.mode() & OTHERS_WRITE) != 0 && (stat.mode() & STICKY) == 0;
            if (others || stat.uid() != owner && stat.uid() != 0) {
                throw new HostException(
                        "cannot use " + directory
                                + " as scoreboard: other users could replace the links in it; make another with install -d -m 755");
            }
            ours = true;
            return new Scoreboard(
                    directory.toAbsolutePath().normalize(), dir, owner, (stat.mode() & OTHERS_SEARCH) != 0);
        } finally {
            if (!ours) {
                dir.close();
            }
        }
    }

    public Path path() {
        return path;
    }

    /** Leads a user to this home from now on; whoever looks meanwhile finds the old one or the new one. */
    public void lead(int uid, Path home) throws HostException {
        if (uid <= LAST_HOST_UID) {
            throw new IllegalArgumentException("the user " + uid + " is one of the host's own");
        }
        String name = UNFINISHED + UUID.randomUUID();
        dir.symlink(name, Bytes.ofText(home.toAbsolutePath().normalize().toString()));
        boolean done = false;
        try {
            dir.rename(name, dir, Integer.toString(uid));
            done = true;
        } finally {
            if (!done) {
                dir.unlink(name);
            }
        }
    }

    /** Leads a user nowhere; does nothing when nobody leads it. */
    public void clear(int uid) throws HostException {
        remove(Integer.toString(uid));
    }

    /** Removes what a crash has left of {@link #lead}, and the links of all users but these. Returns whose. */
    public SortedSet<Integer> clearAllBut(Set<Integer> uids) throws HostException {
        SortedSet<Integer> cleared = new TreeSet<>(uids());
        cleared.removeAll(uids);
        for (int uid : cleared) {
            clear(uid);
        }
        for (Dir.Entry entry : entries()) {
            if (entry.name().startsWith(UNFINISHED)
                    && dir.stat(entry.name()).filter(this::isOurs).isPresent()) {
                remove(entry.name());
            }
        }
        return cleared;
    }

    /** Whom it leads. */
    public SortedSet<Integer> uids() throws HostException {
        SortedSet<Integer> uids = new TreeSet<>();
        for (Dir.Entry entry : entries()) {
            if (entry.name().matches("[1-9][0-9]{0,8}")) {
                int uid = Integer.parseInt(entry.name());
                if (home(uid).isPresent()) {
                    uids.add(uid);
                }
            }
        }
        return uids;
    }

    /** Where it leads a user: an absolute path, a byte string. Empty for the host's own users, and when there is no link of ours. */
    public Optional<String> home(int uid) throws HostException {
        return link(uid).map(Link::home);
    }

    /** A link as it was found: another one is not equal to it, even where both lead to the same place. */
    record Link(String home, long inode, FileStat.FileTime made) {}

    /** Whether everybody may look where a user is led: nobody needs root's rights for that then. */
    boolean isPublic() {
        return isPublic;
    }

    /** Whether a user's link is this one, which was there before. */
    boolean isStill(int uid, Link link) throws HostException {
        return dir.stat(Integer.toString(uid))
                .filter(stat -> stat.inode() == link.inode() && stat.ctime().equals(link.made()))
                .isPresent();
    }

    Optional<Link> link(int uid) throws HostException {
        if (uid <= LAST_HOST_UID) {
            return Optional.empty();
        }
        String name = Integer.toString(uid);
        try {
            Optional<FileStat> found = dir.stat(name).filter(this::isOurs);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            // Nobody else can replace it in between, see open; where we do, the look after this one finds that.
            String home = dir.readLink(name);
            return home.startsWith("/")
                    ? Optional.of(
                            new Link(home, found.get().inode(), found.get().ctime()))
                    : Optional.empty();
        } catch (FileException e) {
            if (e.isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private boolean isOurs(FileStat stat) {
        return stat.isSymlink() && (stat.uid() == owner || stat.uid() == 0);
    }

    private List<Dir.Entry> entries() throws HostException {
        try (Dir own = dir.reopen()) {
            return own.list();
        }
    }

    private void remove(String name) throws HostException {
        try {
            dir.unlink(name);
        } catch (FileException e) {
            if (!e.isMissing()) {
                throw e;
            }
        }
    }

    @Override
    public void close() throws HostException {
        dir.close();
    }
}
