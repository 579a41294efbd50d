package hudson.util;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.TaskListener;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Stands for the class of the same name in Jenkins core. */
public class StreamTaskListener implements TaskListener {
    private static final long serialVersionUID = 1L;

    private final transient PrintStream out;

    public StreamTaskListener(@NonNull OutputStream out) {
        this.out = new PrintStream(out, true, StandardCharsets.UTF_8);
    }

    @NonNull
    @Override
    public PrintStream getLogger() {
        return out;
    }
}
