package io.jenkins.plugins.obuilder.agent;

import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.MasterToSlaveFileCallable;

/**
 * Tells the engine to stop: it kills what it runs, clears up, and then ends. Does nothing when it has ended. TERM is the quick way; where the
 * engine is another user's, run-engine.sh ends its standard input, within a second.
 */
final class StopEngine extends MasterToSlaveFileCallable<Void> {
    private static final long serialVersionUID = 1L;

    @Override
    public Void invoke(File directory, VirtualChannel channel) throws IOException {
        Path control = directory.toPath();
        if (!Files.exists(control) || Files.exists(control.resolve(ControlFiles.STATUS))) {
            return null;
        }
        ControlFiles.read(control.resolve(ControlFiles.ENGINE))
                .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
                .ifPresent(ProcessHandle::destroy);
        Files.writeString(control.resolve(ControlFiles.STOP), "");
        return null;
    }
}
