package io.jenkins.plugins.obuilder.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A snapshot as an account's home, with the caches in it and the secrets beside it, for the length of a step. */
interface HomeView extends Closeable {
    /** Where the account's temporary files go; nobody else's are there. */
    Path temporary();

    /** Where the secrets are; empty when there are none. */
    Optional<Path> secrets();

    /** Takes it all away again. No process of the account may live. */
    @Override
    void close() throws IOException;
}
