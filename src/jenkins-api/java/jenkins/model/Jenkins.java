package jenkins.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.FingerprintMap;
import hudson.model.Node;
import hudson.model.labels.LabelAtom;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.io.File;
import java.io.IOException;

/** Stands for the class of the same name in Jenkins core. */
public class Jenkins extends Node implements AccessControlled {
    public static final Permission ADMINISTER = new Permission();

    @NonNull
    public static Jenkins get() throws IllegalStateException {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public static @CheckForNull Jenkins getInstanceOrNull() {
        return null;
    }

    public @CheckForNull Computer getComputer(@NonNull String name) {
        return null;
    }

    public @CheckForNull Node getNode(String name) {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public @Nullable LabelAtom getLabelAtom(@CheckForNull String name) {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public boolean updateNode(Node n) throws IOException {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public FingerprintMap getFingerprintMap() {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public File getRootDir() {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    @Override
    public @CheckForNull FilePath getRootPath() {
        return null;
    }
}
