package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public abstract class AbstractBuild<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Run<P, R> {}
