package org.jenkinsci.remoting;

/** Stands for the class of the same name in Jenkins remoting. */
public interface RoleSensitive {
    void checkRoles(RoleChecker checker) throws SecurityException;
}
