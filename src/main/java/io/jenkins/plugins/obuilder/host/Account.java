package io.jenkins.plugins.obuilder.host;

import java.nio.file.Path;

/**
 * A user account with a group of its own, which has the same name and number.
 *
 * @param uid the number of both the user and the group
 * @param home need not exist
 */
public record Account(String name, int uid, Path home, Path shell) {
    public Account {
        if (!name.matches("[a-z_][a-z0-9_-]{0,30}")) {
            throw new IllegalArgumentException("no user can be called \"" + name + "\"");
        }
        if (uid < 200) {
            throw new IllegalArgumentException("the number " + uid + " is for the system's own users");
        }
    }
}
