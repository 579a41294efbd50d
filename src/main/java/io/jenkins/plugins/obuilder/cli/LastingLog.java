package io.jenkins.plugins.obuilder.cli;

import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * Java closes its log as soon as a signal arrives; but what goes wrong while a cancelled build is cleared up is what somebody has to be
 * told. This one, once it is {@link #PROPERTY}, stays open to the end.
 */
public final class LastingLog extends LogManager {
    /** Names the class before anything is logged, and before this one is initialised: a constant, for that does not. */
    static final String PROPERTY = "java.util.logging.manager";

    /** Must be called before a signal arrives: what is not open by then Java does not open any more. */
    static void open() {
        Logger.getLogger("").getHandlers();
    }

    /** Made by Java. */
    public LastingLog() {}

    @Override
    public void reset() {
        // Called when Java shuts down, and, to no effect, before there is anything to reset.
    }
}
