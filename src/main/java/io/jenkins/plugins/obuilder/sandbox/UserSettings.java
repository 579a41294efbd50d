package io.jenkins.plugins.obuilder.sandbox;

import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * How the user sandbox names things.
 *
 * @param prefix what account names begin with; the number follows
 * @param firstUid files in snapshots belong to this number, whichever account a step ran as
 * @param lastUid no more steps than there are numbers run at a time
 * @param home the one path at which every account finds its home: paths that a build writes into its files stay right
 * @param runtime a directory for locks and sockets, the same for all engines of this host and writable for root alone
 */
public record UserSettings(String prefix, int firstUid, int lastUid, Path home, Path runtime) implements AccountNames {
    /** Accounts {@code ob6000} to {@code ob6099}, whose home is {@code /home/ob6000}. */
    public static final UserSettings LINUX =
            new UserSettings("ob", 6000, 6099, Path.of("/home/ob6000"), Path.of("/run/obuilder"));

    public UserSettings {
        if (firstUid < 200 || lastUid < firstUid) {
            throw new IllegalArgumentException("no range of user numbers: " + firstUid + " to " + lastUid);
        }
        if (!home.isAbsolute()
                || home.getNameCount() < 2
                || Stream.of("/tmp", "/var/tmp", "/dev").anyMatch(home::startsWith)) {
            throw new IllegalArgumentException("no place for a home: " + home);
        }
    }

    @Override
    public Path homeOf(int uid) {
        return home;
    }

    @Override
    public String accountName(int uid) {
        return prefix + uid;
    }
}
