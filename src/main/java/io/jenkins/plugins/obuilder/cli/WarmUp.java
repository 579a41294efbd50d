package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.Umask;
import io.jenkins.plugins.obuilder.store.Stores;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads what a build needs in any case while another thread still reads the command line: either takes as long. */
final class WarmUp {
    private WarmUp() {}

    static void start(String... args) {
        if (args.length == 0 || !args[0].equals("build")) {
            return;
        }
        Thread thread = new Thread(WarmUp::load, "warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private static void load() {
        Logger log = LoggerFactory.getLogger(WarmUp.class);
        try {
            Umask.makeUsual();
            Stores.warmUp();
        } catch (LinkageError e) {
            // Whoever needs it meets this error again, and tells it.
            log.debug("native code does not work here", e);
        }
    }
}
