package hudson.console;

import hudson.ExtensionPoint;
import hudson.MarkupText;
import hudson.model.Describable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** Stands for the class of the same name in Jenkins core. */
public abstract class ConsoleNote<T> implements Serializable, Describable<ConsoleNote<?>>, ExtensionPoint {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings("rawtypes")
    public abstract ConsoleAnnotator annotate(T context, MarkupText text, int charPos);

    /** Shows a test where a note stands. */
    public void encodeTo(OutputStream out) throws IOException {
        MarkupText mark = new MarkupText("");
        annotate(null, mark, 0);
        out.write(mark.toString(true).getBytes(StandardCharsets.UTF_8));
    }
}
