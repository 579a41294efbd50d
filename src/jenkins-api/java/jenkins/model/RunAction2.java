package jenkins.model;

import hudson.model.Action;
import hudson.model.Run;

/** Stands for the class of the same name in Jenkins core. */
public interface RunAction2 extends Action {
    void onAttached(Run<?, ?> r);

    void onLoad(Run<?, ?> r);
}
