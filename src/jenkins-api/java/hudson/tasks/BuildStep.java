package hudson.tasks;

/** Stands for the class of the same name in Jenkins core. */
public interface BuildStep {}
