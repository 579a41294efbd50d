package hudson;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Launcher {
    /** Stands for the class of the same name in Jenkins core. */
    public static class LocalLauncher extends Launcher {
        public LocalLauncher(@NonNull TaskListener listener) {}
    }
}
