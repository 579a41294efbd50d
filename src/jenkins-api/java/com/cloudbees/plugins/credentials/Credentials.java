package com.cloudbees.plugins.credentials;

import hudson.ExtensionPoint;
import hudson.model.Describable;
import java.io.Serializable;

/** Stands for the class of the same name in the Credentials plugin. */
public interface Credentials extends Describable<Credentials>, Serializable, ExtensionPoint {}
