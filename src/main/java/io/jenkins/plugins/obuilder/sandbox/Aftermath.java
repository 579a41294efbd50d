package io.jenkins.plugins.obuilder.sandbox;

import java.io.IOException;

/** What is to be cleared up after an account's processes have ended and before it is deleted: also what a crashed build has left. */
@FunctionalInterface
interface Aftermath {
    Aftermath NONE = (name, uid, traces) -> {};

    /** Does nothing where there is nothing; must not throw for what can as well stay. */
    void clear(String name, int uid, Traces traces) throws IOException;
}
