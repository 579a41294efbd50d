package hudson.security;

/** Stands for the class of the same name in Jenkins core. */
public final class Permission {}
