package io.jenkins.plugins.obuilder.engine;

/** A secret that the spec asks for was not given: found before anything runs. */
public final class MissingSecretException extends BuildException {
    private static final long serialVersionUID = 1L;

    MissingSecretException(String message) {
        super(message);
    }
}
