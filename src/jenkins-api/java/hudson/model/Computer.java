package hudson.model;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.Nullable;
import hudson.remoting.VirtualChannel;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Computer extends Actionable {
    public static final ExecutorService threadPoolForRemoting = Executors.newCachedThreadPool();

    public abstract @Nullable VirtualChannel getChannel();

    public @NonNull String getName() {
        return "";
    }

    public @CheckForNull Node getNode() {
        return null;
    }
}
