package hudson.model;

/** Stands for the class of the same name in Jenkins core. */
public abstract class Job<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> {}
