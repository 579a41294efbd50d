package io.jenkins.plugins.obuilder.host;

/** A path does not lead to a directory below its root: something on the way is none, or links go round in a circle. */
public final class PlaceException extends HostException {
    private static final long serialVersionUID = 1L;

    PlaceException(String message) {
        super(message);
    }
}
