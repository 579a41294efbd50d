package io.jenkins.plugins.obuilder.spec;

/** One environment variable; both parts are byte strings. */
public record EnvVar(String name, String value) {}
