package org.jenkinsci.plugins.plaincredentials;

import com.cloudbees.plugins.credentials.common.StandardCredentials;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;

/** Stands for the class of the same name in the Plain Credentials plugin. */
public interface StringCredentials extends StandardCredentials {
    @NonNull
    Secret getSecret();
}
