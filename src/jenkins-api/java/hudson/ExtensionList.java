package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;

/** Stands for the class of the same name in Jenkins core. */
public class ExtensionList<T> {
    public static @NonNull <U> U lookupSingleton(Class<U> type) {
        throw new UnsupportedOperationException("only Jenkins does that");
    }
}
