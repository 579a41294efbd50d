package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Label {}
