package com.cloudbees.jenkins.plugins.sshcredentials;

import com.cloudbees.plugins.credentials.common.StandardUsernameCredentials;

/** Stands for the class of the same name in the SSH Credentials plugin. */
public interface SSHUser extends StandardUsernameCredentials {}
