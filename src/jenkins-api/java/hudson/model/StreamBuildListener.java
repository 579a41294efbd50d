package hudson.model;

import hudson.util.StreamTaskListener;
import java.io.OutputStream;

/** Stands for the class of the same name in Jenkins core. */
public class StreamBuildListener extends StreamTaskListener implements BuildListener {
    private static final long serialVersionUID = 1L;

    public StreamBuildListener(OutputStream out) {
        super(out);
    }
}
