package com.cloudbees.plugins.credentials;

import java.io.Serializable;

/** Stands for the class of the same name in the Credentials plugin. */
public interface CredentialsMatcher extends Serializable {}
