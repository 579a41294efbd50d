package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public abstract class AbstractProject<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Job<P, R> {}
