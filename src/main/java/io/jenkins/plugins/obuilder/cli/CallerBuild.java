package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.CallerFiles;
import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.boundary.RootConnection;
import io.jenkins.plugins.obuilder.boundary.RootProcess;
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
        Request request = new Request(
                options,
                store,
                what.specName().replaceAll("\\p{Cntrl}", "?"),
                running.terminal(),
                requested,
                List.copyOf(images.names()),
                what.request().toBytes());
        CallerFiles files = new CallerFiles(what.context(), images, running.cancellation());
        RootConnection.Ending ending = CallerTalk.through(root, request, running, files);
        if (ending.result().isPresent()) {
            resultFile.write(ending.result().get());
        }
        return ending.exitStatus();
    }
}
