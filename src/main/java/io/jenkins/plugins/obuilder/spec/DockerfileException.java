package io.jenkins.plugins.obuilder.spec;

/** Something in a spec that no Dockerfile can say. */
public final class DockerfileException extends Exception {
    private static final long serialVersionUID = 1L;

    DockerfileException(String message) {
        super(message);
    }
}
