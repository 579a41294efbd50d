package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.boundary.RootConnection;
import io.jenkins.plugins.obuilder.boundary.RootProcess;
import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.IOException;
import java.util.Optional;

/** Asks the root side for something and passes on what it tells, to its end; when this is cancelled, that is. */
final class CallerTalk {
    /** For what needs none. */
    static final RootConnection.Files NO_FILES = (question, reply) -> {
        throw new IOException("there are no files to it");
    };

    private CallerTalk() {}

    static RootConnection.Ending through(RootProcess root, Request request, Running running, RootConnection.Files files)
            throws IOException {
        RootConnection connection = root.connection();
        connection.request(request);
        Cancellation.Registration cancelled = running.cancellation().onCancel(() -> cancel(connection, running));
        try {
            Optional<RootConnection.Ending> ending = connection.follow(running.out(), running.err(), files);
            if (ending.isEmpty()) {
                throw new IOException(root.lastWords());
            }
            return ending.get();
        } finally {
            cancelled.close();
        }
    }

    private static void cancel(RootConnection connection, Running running) {
        try {
            connection.cancel(
                    running.exitWhenCancelled(), running.cancellation().reason().orElseThrow());
        } catch (IOException e) {
            // Root has ended: its last words tell why.
            return;
        }
    }
}
