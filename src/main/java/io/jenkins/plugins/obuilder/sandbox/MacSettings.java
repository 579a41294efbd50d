package io.jenkins.plugins.obuilder.sandbox;

import java.nio.file.Path;

/**
 * How the sandbox of macOS names things and what it allows.
 *
 * @param firstUid number of the first account; each number has its own home, and so its own snapshots
 * @param lastUid as many steps run at a time as there are numbers
 * @param homes where the accounts' homes appear: {@code mac6000} in it
 * @param runtime a directory for locks and what crashes must not lose; the same for all engines of this host, writable for root alone
 * @param scoreboard a directory with a link for each account that runs a step, from its number to its home
 * @param prefix where Homebrew belongs
 * @param prefixMode how a snapshot's {@code local} comes to be there
 * @param openNetwork whether every step has the network, as the reference has it on macOS, or only those with {@code (network host)}
 * @param seatbelt whether commands run in {@code sandbox-exec}, too
 */
public record MacSettings(
        int firstUid,
        int lastUid,
        Path homes,
        Path runtime,
        Path scoreboard,
        Path prefix,
        PrefixMode prefixMode,
        boolean openNetwork,
        boolean seatbelt)
        implements AccountNames {
    /** Numbers that neither macOS nor its administrators give away. */
    public static final int FIRST_UID = 6000;

    /** The last of the numbers that are looked through for left-overs, whatever is used. */
    public static final int LAST_UID = 6099;

    /** Where a Mac keeps such things; unlike {@code /var/run} it is not emptied at start. */
    public static final Path RUNTIME = Path.of("/var/db/obuilder");

    /** How Homebrew's prefix leads to the snapshot's {@code local}. */
    public enum PrefixMode {
        /** What is in it is moved, or mounted, to the prefix for the length of a step. */
        SWAP,
        /** The prefix is a file system that leads each user to its own. */
        REDIRECT,
        /** The prefix is a file system that shows one user's. */
        PASSTHROUGH
    }

    public MacSettings {
        if (firstUid < 502 || lastUid < firstUid) {
            throw new IllegalArgumentException("no range of user numbers: " + firstUid + " to " + lastUid
                    + "; those up to 501 are the system's and its first user's");
        }
        for (Path path : new Path[] {homes, runtime, scoreboard, prefix}) {
            if (!path.isAbsolute() || path.getNameCount() == 0) {
                throw new IllegalArgumentException("not an absolute path: " + path);
            }
        }
    }

    /** With the usual places. */
    public static MacSettings of(int firstUid, int lastUid, Path prefix) {
        return new MacSettings(
                firstUid,
                lastUid,
                Path.of("/Users"),
                RUNTIME,
                RUNTIME.resolve("scoreboard"),
                prefix,
                PrefixMode.SWAP,
                false,
                false);
    }

    @Override
    public String accountName(int uid) {
        return "mac" + uid;
    }

    @Override
    public Path homeOf(int uid) {
        return homes.resolve(accountName(uid));
    }

    /** An account's temporary files. */
    Path temporary(int uid) {
        return runtime.resolve("tmp").resolve(accountName(uid));
    }

    /** An account's secrets. */
    Path secrets(int uid) {
        return runtime.resolve("secrets").resolve(accountName(uid));
    }

    /** Where an account's login shell writes down how the step's command ended. */
    Path status(int uid) {
        return runtime.resolve("status").resolve(accountName(uid));
    }

    Path prefixLock() {
        return runtime.resolve("prefix.lock");
    }
}
