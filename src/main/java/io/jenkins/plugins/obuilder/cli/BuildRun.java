package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildEvents;
import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.BuildOutcome;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.engine.Builder;
import io.jenkins.plugins.obuilder.engine.JsonEvents;
import io.jenkins.plugins.obuilder.engine.LogMarks;
import io.jenkins.plugins.obuilder.engine.MissingSecretException;
import io.jenkins.plugins.obuilder.engine.TextEvents;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a build is told and how it ends: the same for whom it is done, and wherever its files come from.
 *
 * @param json whether events are told for programs
 * @param result where the result is told, besides
 */
record BuildRun(Running running, boolean json, LogMarks marks, ResultSink result) {

    /** Where the result goes. */
    @FunctionalInterface
    interface ResultSink {
        void write(BuildOutcome outcome) throws IOException;
    }

    /** What builds. */
    @FunctionalInterface
    interface Work {
        int build() throws UserException, SpecException, IOException;
    }

    /** Does the work. Where it fails before there is a build, that is the result; it is thrown unless the last mark tells it. */
    int insist(Work work) throws UserException, SpecException, IOException {
        try {
            return work.build();
        } catch (UserException | SpecException | IOException e) {
            BuildOutcome outcome = BuildOutcome.notBegun(e.getMessage());
            result.write(outcome);
            if (!isMarked()) {
                throw e;
            }
            Console.print(running, marks.finished(outcome));
            return e instanceof UserException user
                    ? user.exitCode()
                    : e instanceof SpecException ? ExitCodes.USAGE : ExitCodes.FAILED;
        }
    }

    private boolean isMarked() {
        return marks != LogMarks.NONE;
    }

    /**
     * Builds, and returns the exit status.
     *
     * @param requested whether a program asked for it
     */
    int build(
            Builder builder,
            SharedStore store,
            Sandbox sandbox,
            BuildRequest request,
            BuildOptions options,
            boolean requested)
            throws UserException, IOException {
        marks.store(store.name());
        LastingLog.open();
        repair(store, sandbox);
        BuildEvents events = json
                ? new JsonEvents(running.out(), Version.text())
                : new TextEvents(request.spec(), running.out(), running.terminal(), marks);
        BuildOutcome outcome;
        try {
            outcome = builder.build(request, options, events, running.cancellation());
        } catch (MissingSecretException e) {
            throw SecretOptions.missing(e, requested);
        }
        result.write(outcome);
        return end(outcome);
    }

    /** What still runs goes first: it may hold what it has left on disk. */
    private void repair(SharedStore store, Sandbox sandbox) throws IOException {
        List<String> removed = new ArrayList<>(sandbox.sweep());
        removed.addAll(store.repair());
        removed.forEach(what -> running.err().println("obuilder: a build that crashed had left " + what + ": removed"));
    }

    private int end(BuildOutcome outcome) {
        switch (outcome.status()) {
            case SUCCEEDED -> {
                return ExitCodes.OK;
            }
            case CANCELLED -> {
                if (!isMarked()) {
                    running.err().println("obuilder: the build was cancelled: " + outcome.message());
                }
                return running.exitWhenCancelled();
            }
            default -> {
                if (!isMarked()) {
                    running.err().println("obuilder: " + outcome.message());
                }
                return ExitCodes.FAILED;
            }
        }
    }
}
