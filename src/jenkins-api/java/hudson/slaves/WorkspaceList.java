package hudson.slaves;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.FilePath;

/** Stands for the class of the same name in Jenkins core. */
public final class WorkspaceList {
    private WorkspaceList() {}

    @CheckForNull
    public static FilePath tempDir(FilePath ws) {
        return new FilePath(ws.getChannel(), ws.getRemote() + "@tmp");
    }
}
