package com.cloudbees.plugins.credentials.domains;

/** Stands for the class of the same name in the Credentials plugin. */
public class DomainRequirement {}
