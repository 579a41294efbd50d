package io.jenkins.plugins.obuilder.host;

import java.util.List;
import java.util.Optional;

/** The user accounts of this host. Thread-safe. */
public interface Accounts {
    /** Why accounts cannot be made and deleted here; empty when they can. Changes nothing. */
    Optional<String> whyUnsupported();

    /** The name of the user who has this number, wherever the host keeps its users; empty when nobody has. */
    Optional<String> userName(int uid) throws HostException;

    /** The name of the group that has this number. */
    Optional<String> groupName(int gid) throws HostException;

    /** Who else has this number, or the name that goes with it, for people; empty when nobody has. */
    default Optional<String> stranger(String name, int uid) throws HostException {
        Optional<String> user = userName(uid).filter(other -> !other.equals(name));
        if (user.isPresent()) {
            return Optional.of(uid + " is the user " + user.get());
        }
        Optional<String> group = groupName(uid).filter(other -> !other.equals(name));
        if (group.isPresent()) {
            return Optional.of(uid + " is the group " + group.get());
        }
        return uid(name).filter(other -> other != uid).map(other -> name + " is the user number " + other);
    }

    /** The names of all users, also of such as are half made and have no number yet. */
    List<String> names() throws HostException;

    /** The number of the user of this name. */
    Optional<Integer> uid(String name) throws HostException;

    /**
     * Makes a user, without a password, and its group. The home is not made.
     *
     * @throws HostException also when the name, the user number or the group number is taken
     */
    void create(Account account) throws HostException;

    /** Deletes a user and its group; does nothing when there is neither. The home and the user's processes are left alone. */
    void delete(String name) throws HostException;
}
