package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable {}
