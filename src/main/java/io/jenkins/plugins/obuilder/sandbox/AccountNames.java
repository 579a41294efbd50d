package io.jenkins.plugins.obuilder.sandbox;

import java.nio.file.Path;

/** What the accounts of a sandbox are called and numbered. */
interface AccountNames {
    int firstUid();

    int lastUid();

    String accountName(int uid);

    /** Where an account's home is while it runs a step. */
    Path homeOf(int uid);

    /** A directory for locks, the same for all engines of this host and writable for root alone. */
    Path runtime();

    /** The locks of the numbers; a directory of {@link #runtime}. */
    default Path accountLocks() {
        return runtime().resolve("accounts");
    }

    /** Whether this is a name that an account of ours could have. */
    default boolean isOurs(String name) {
        for (int uid = firstUid(); uid <= lastUid(); uid++) {
            if (accountName(uid).equals(name)) {
                return true;
            }
        }
        return false;
    }
}
