package com.cloudbees.plugins.credentials.common;

/** Stands for the class of the same name in the Credentials plugin. */
public interface UsernamePasswordCredentials extends UsernameCredentials, PasswordCredentials {}
