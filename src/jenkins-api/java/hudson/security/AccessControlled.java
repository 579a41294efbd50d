package hudson.security;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Stands for the class of the same name in Jenkins core. */
public interface AccessControlled {
    default boolean hasPermission(@NonNull Permission permission) {
        throw new UnsupportedOperationException("only Jenkins does that");
    }
}
