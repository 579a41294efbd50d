package hudson.model;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.PrintStream;
import java.io.Serializable;

/** Stands for the class of the same name in Jenkins core. */
public interface TaskListener extends Serializable {
    @NonNull
    PrintStream getLogger();
}
