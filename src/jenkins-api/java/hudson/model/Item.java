package hudson.model;

import hudson.security.AccessControlled;
import hudson.security.Permission;

/** Stands for the class of the same name in Jenkins core. */
public interface Item extends AccessControlled {
    Permission CONFIGURE = new Permission();
}
