package hudson.remoting;

/** Stands for the class of the same name in Jenkins core. */
public interface VirtualChannel {}
