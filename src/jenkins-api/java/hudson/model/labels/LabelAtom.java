package hudson.model.labels;

import hudson.model.Label;

/** Stands for the class of the same name in Jenkins core. */
public class LabelAtom extends Label {
    public LabelAtom(String name) {}
}
