package io.jenkins.plugins.obuilder.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jenkins.MasterToSlaveFileCallable;

/** Tells the engine to stop, with TERM: it kills what it runs, clears up, and then ends. Does nothing when it has ended. */
final class StopEngine extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    /** How long the shell around the engine may take to start it, in steps of {@link #PAUSE_MS}. */
    private static final int PAUSES = 50;

    private static final int PAUSE_MS = 100;

    @Override
    public Void invoke(File directory, VirtualChannel channel) throws IOException, InterruptedException {
        Path control = directory.toPath();
        for (int pause = 0; pause < PAUSES; pause++) {
            if (Files.exists(control.resolve(ControlFiles.STATUS))) {
                return null;
            }
            Optional<String> engine = ControlFiles.read(control.resolve(ControlFiles.ENGINE));
            if (engine.isPresent()) {
                ProcessHandle.of(Long.parseLong(engine.get())).ifPresent(ProcessHandle::destroy);
                return null;
            }
            Thread.sleep(PAUSE_MS);
        }
        throw new IOException(
                "the engine did not start within " + PAUSES * PAUSE_MS / 1000 + " s; its files are in " + directory);
    }
}
