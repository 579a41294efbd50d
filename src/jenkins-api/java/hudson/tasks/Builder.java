package hudson.tasks;

import hudson.ExtensionPoint;
import hudson.model.Describable;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Builder extends BuildStepCompatibilityLayer implements Describable<Builder>, ExtensionPoint {}
