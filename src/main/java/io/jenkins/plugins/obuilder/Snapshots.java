package io.jenkins.plugins.obuilder;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.BuildListener;
import hudson.model.Computer;
import hudson.model.Run;
import hudson.model.StreamBuildListener;
import hudson.model.TaskListener;
import hudson.tasks.Fingerprinter;
import io.jenkins.plugins.obuilder.agent.EngineResult;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.export.ExportConfig;
import org.kohsuke.stapler.export.Flavor;
import org.kohsuke.stapler.export.ModelBuilder;

/** Keeps on a run what a build gave: an action, an artifact, and a fingerprint by which other runs with the same snapshot are found. */
final class Snapshots {
    private static final Logger LOGGER = Logger.getLogger(Snapshots.class.getName());

    /** A fingerprint is known by an MD5; half of the id is as good a name. */
    private static final int FINGERPRINT = 32;

    private static final int SHORT_ID = 12;

    private Snapshots() {}

    /** Records a result. What goes wrong here does not fail a build that has succeeded. */
    static void record(Run<?, ?> run, EngineResult result, FilePath workspace, TaskListener listener)
            throws InterruptedException {
        Computer computer = workspace.toComputer();
        SnapshotReport report = new SnapshotReport(result, computer == null ? "" : computer.getName());
        int number = SnapshotAction.of(run).add(new Snapshot(result, report.getAgent()));
        try {
            archive(run, report, number == 1 ? "snapshot.json" : "snapshot-" + number + ".json", listener);
            fingerprint(run, result.id());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot record the snapshot " + result.id() + " of " + run);
            listener.getLogger().println("obuilder: the snapshot could not be recorded with the build: " + e);
        }
    }

    private static void archive(Run<?, ?> run, SnapshotReport report, String name, TaskListener listener)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("obuilder-");
        Path file = directory.resolve(name);
        try {
            Files.writeString(file, json(report), StandardCharsets.UTF_8);
            // What an artifact manager has to say of a small file is of no interest.
            BuildListener quiet = new StreamBuildListener(java.io.OutputStream.nullOutputStream());
            run.pickArtifactManager()
                    .archive(
                            new FilePath(directory.toFile()),
                            new Launcher.LocalLauncher(listener),
                            quiet,
                            Map.of("obuilder/" + name, name));
        } finally {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        }
    }

    private static String json(SnapshotReport report) throws IOException {
        Writer json = new StringWriter();
        ExportConfig config = new ExportConfig().withFlavor(Flavor.JSON).withPrettyPrint(true);
        new ModelBuilder()
                .get(SnapshotReport.class)
                .writeTo(report, Flavor.JSON.createDataWriter(report, json, config));
        return json.toString();
    }

    private static void fingerprint(Run<?, ?> run, String id) throws IOException {
        String name = Messages.Snapshots_fingerprint(id.substring(0, SHORT_ID));
        String hash = id.substring(0, FINGERPRINT);
        Jenkins.get().getFingerprintMap().getOrCreate(run, name, hash).addFor(run);
        synchronized (run) {
            Fingerprinter.FingerprintAction action = run.getAction(Fingerprinter.FingerprintAction.class);
            if (action == null) {
                run.addAction(new Fingerprinter.FingerprintAction(run, Map.of(name, hash)));
            } else {
                action.add(Map.of(name, hash));
            }
        }
    }
}
