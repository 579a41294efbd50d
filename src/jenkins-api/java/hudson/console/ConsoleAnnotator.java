package hudson.console;

import java.io.Serializable;

/** Stands for the class of the same name in Jenkins core. */
public abstract class ConsoleAnnotator<T> implements Serializable {
    private static final long serialVersionUID = 1L;
}
