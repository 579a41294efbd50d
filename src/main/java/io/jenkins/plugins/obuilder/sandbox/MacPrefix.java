package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.IOException;
import java.nio.file.Path;

/** How what a home has in {@link #LOCAL} comes to Homebrew's prefix for a step, whose account is leased before. */
interface MacPrefix {
    /** As the reference's file system has it. */
    String LOCAL = "local";

    /** Leaves the prefix alone. */
    MacPrefix NONE = new MacPrefix() {};

    /** Before the home is put in its place. @param undo takes what is to be undone after the home was taken away */
    default void beforeHome(Path rootfs, Undo undo, Cancellation cancellation) throws IOException {}

    /** When the home is in its place and the scoreboard leads to it. @param undo takes what is to be undone before either goes */
    default void onceLed(int uid, Undo undo, Cancellation cancellation) throws IOException {}
}
