package com.cloudbees.plugins.credentials.common;

import com.cloudbees.plugins.credentials.Credentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;

/** Stands for the class of the same name in the Credentials plugin. */
public interface PasswordCredentials extends Credentials {
    @NonNull
    Secret getPassword();
}
