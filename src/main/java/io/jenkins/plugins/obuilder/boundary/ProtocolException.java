package io.jenkins.plugins.obuilder.boundary;

import java.io.IOException;

/** The other side does not keep to the protocol. */
public final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String what) {
        super("the other side of the root boundary does not speak as it should: " + what);
    }
}
