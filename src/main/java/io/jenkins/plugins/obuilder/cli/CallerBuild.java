package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.CallerFiles;
import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.boundary.RootConnection;
import io.jenkins.plugins.obuilder.boundary.RootProcess;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.image.OfferedImages;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A build that root does for this process, which opens the files, writes the result and passes on what is told. */
record CallerBuild(Running running, BuildSettings.ForRoot what, OfferedImages images) {

    /** Returns the exit status. */
    int through(
            RootProcess root, List<String> options, Optional<String> store, boolean requested, ResultFile resultFile)
            throws UserException, IOException {
        RootConnection connection = root.connection();
        connection.request(new Request(
                options,
                store,
                what.specName().replaceAll("\\p{Cntrl}", "?"),
                running.terminal(),
                requested,
                List.copyOf(images.names()),
                what.request().toBytes()));
        Cancellation.Registration cancelled = running.cancellation().onCancel(() -> cancel(connection));
        try {
            CallerFiles files = new CallerFiles(what.context(), images, running.cancellation());
            Optional<RootConnection.Ending> ending = connection.follow(running.out(), running.err(), files);
            if (ending.isEmpty()) {
                throw new IOException(root.lastWords());
            }
            if (ending.get().result().isPresent()) {
                resultFile.write(ending.get().result().get());
            }
            return ending.get().exitStatus();
        } finally {
            cancelled.close();
        }
    }

    private void cancel(RootConnection connection) {
        try {
            connection.cancel(
                    running.exitWhenCancelled(), running.cancellation().reason().orElseThrow());
        } catch (IOException e) {
            // Root has ended: its last words tell why.
            return;
        }
    }
}
