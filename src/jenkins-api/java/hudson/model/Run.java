package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import jenkins.model.ArtifactManager;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable {
    public final @NonNull Charset getCharset() {
        return StandardCharsets.UTF_8;
    }

    public @NonNull File getRootDir() {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public final synchronized @NonNull ArtifactManager pickArtifactManager() throws IOException {
        throw new UnsupportedOperationException("only Jenkins does that");
    }
}
