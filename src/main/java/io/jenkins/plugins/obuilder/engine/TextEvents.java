package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.spec.Spec;
import io.jenkins.plugins.obuilder.spec.SpecPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes events for people, byte for byte as the reference prints them. Stages that run at the same time do not mix: they are shown in
 * the order of the spec, the first unfinished one live, the others kept until it is their turn.
 */
public final class TextEvents implements BuildEvents {
    private static final String HEADING = "\u001b[1;34m";
    private static final String NOTE = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final OrderedOutput output;
    private final boolean colours;
    private final LogMarks marks;
    private final Map<String, Stage> stages = new HashMap<>();

    /**
     * Writes to {@code out}.
     *
     * @param spec tells the order of the stages
     * @param colours whether headings and notes are coloured, as only a terminal wants
     */
    public TextEvents(Spec spec, OutputStream out, boolean colours) {
        this(spec, out, colours, LogMarks.NONE);
    }

    /** @param marks stand before the lines that they tell of; a program takes them out */
    public TextEvents(Spec spec, OutputStream out, boolean colours, LogMarks marks) {
        this.output = new OrderedOutput(out);
        this.colours = colours;
        this.marks = marks;
        addStages(StagePath.ROOT, spec);
    }

    /** A nested build's heading stands before its own nested builds, its steps behind them. */
    private record Stage(OrderedOutput.Part opening, OrderedOutput.Part steps) {}

    private void addStages(String stage, Spec spec) {
        OrderedOutput.Part opening = output.add();
        spec.builds().forEach(nested -> addStages(StagePath.child(stage, nested.name()), nested.spec()));
        stages.put(stage, new Stage(opening, output.add()));
    }

    @Override
    public void stageStarted(String stage) {
        OrderedOutput.Part opening = stages.get(stage).opening();
        if (!stage.equals(StagePath.ROOT)) {
            line(opening, marks.stageStarted(stage), HEADING, SpecPrinter.buildHeading(StagePath.name(stage)));
        }
        finish(opening);
    }

    @Override
    public void stepStarted(String stage, String workdir, Op op, String heading) {
        line(stages.get(stage).steps(), marks.stepStarted(stage, op, heading), HEADING, heading);
    }

    @Override
    public void output(String stage, byte[] buffer, int offset, int length) {
        write(stages.get(stage).steps(), buffer, offset, length);
    }

    @Override
    public void output(String stage, FileChannel log, long from) throws IOException {
        if (!stages.get(stage).steps().write(log, from)) {
            BuildEvents.super.output(stage, log, from);
        }
    }

    @Override
    public void stepFinished(String stage, SnapshotId id, boolean cached, Duration duration) {
        String text = cached ? "---> using \"" + id + "\" from cache" : "---> saved as \"" + id + "\"";
        line(stages.get(stage).steps(), marks.stepFinished(stage, id, cached, duration), NOTE, text);
    }

    @Override
    public void note(String stage, String text) {
        line(stages.get(stage).steps(), marks.note(stage), NOTE, Bytes.ofText("---> " + text));
    }

    /** Only on a terminal: a log is the same from build to build. */
    @Override
    public void progress(String stage, String text) {
        if (colours) {
            note(stage, text);
        }
    }

    @Override
    public void stageFinished(String stage) {
        OrderedOutput.Part steps = stages.get(stage).steps();
        if (!stage.equals(StagePath.ROOT)) {
            line(steps, marks.stageFinished(stage), NOTE, SpecPrinter.finishedNote(StagePath.name(stage)));
        }
        finish(steps);
    }

    /** Nothing is printed here: why the build failed is told once, where errors are told. */
    @Override
    public void stageFailed(String stage, String message) {
        finish(stages.get(stage).opening());
        finish(stages.get(stage).steps());
    }

    /** Prints what is still kept, and the line with the result. */
    @Override
    public void buildFinished(BuildOutcome outcome) {
        OrderedOutput.Part last = output.add();
        outcome.id().ifPresent(id -> line(last, "", "", "Got: \"" + id + "\""));
        mark(last, marks.finished(outcome));
        try {
            output.close();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private void line(OrderedOutput.Part part, String mark, String colour, String byteString) {
        boolean coloured = colours && !colour.isEmpty();
        mark(part, mark + (coloured ? colour + byteString + PLAIN : byteString) + "\n");
    }

    private static void mark(OrderedOutput.Part part, String byteString) {
        byte[] bytes = Bytes.toBytes(byteString);
        write(part, bytes, 0, bytes.length);
    }

    private static void write(OrderedOutput.Part part, byte[] buffer, int offset, int length) {
        try {
            part.write(buffer, offset, length);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static void finish(OrderedOutput.Part part) {
        try {
            part.finish();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static UncheckedIOException broken(IOException e) {
        return new UncheckedIOException("cannot write the build's log", e);
    }
}
