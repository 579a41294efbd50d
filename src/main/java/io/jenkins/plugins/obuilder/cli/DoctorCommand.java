package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.LimitedGroup;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder doctor}. */
@Command(
        name = "doctor",
        description = {
            "Says what this machine can do, and what to do about what it cannot; with --store, what is wrong with a store.",
            "Exit status: 0 when all is well (without --store, when a sandbox works), 1 otherwise."
        },
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer>, StoreCommand {
    /** One of each kind, which the group that is tried never comes near. */
    private static final ResourceLimits EACH =
            new ResourceLimits(OptionalLong.of(1 << 30), OptionalInt.of(100), OptionalDouble.of(1));

    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private StoreAccess access;

    @Option(
            names = "--repair",
            description =
                    "With --store: mends the index and permissions, and removes what killed builds have left and snapshots"
                            + " that are of no use. Running builds are not harmed.")
    private boolean repair;

    @Option(
            names = "--json",
            description = "An array of objects: check, ok, detail; of what is wrong with a store also what (an id or a"
                    + " path) and repairable.")
    private boolean json;

    @Override
    public Integer call() throws UserException, IOException {
        StoreOption store = access.option();
        if (repair && !store.given()) {
            throw UserException.usage("--repair: which store? (--store STORE)");
        }
        if (store.given() && access.isThroughRoot()) {
            return access.run(this, parent.running());
        }
        DoctorReport report = new DoctorReport(parent.running(), json);
        boolean well = store.given()
                ? new StoreDoctor(parent.running(), report, repair).examine(store)
                : examineMachine(report);
        report.end();
        return well ? ExitCodes.OK : ExitCodes.FAILED;
    }

    @Override
    public int on(SharedStore store, Running running) throws UserException, IOException {
        DoctorReport report = new DoctorReport(running, json);
        boolean well = new StoreDoctor(running, report, repair).examine(store);
        report.end();
        return well ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private boolean examineMachine(DoctorReport report) throws UserException, IOException {
        boolean sandboxWorks = false;
        report.say("java", Optional.empty(), Runtime.version() + " in " + System.getProperty("java.home"));
        report.say(
                "system",
                Optional.empty(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        report.say(
                "root",
                access.root().whyNot(),
                access.root().isDirect() ? "running as root" : "by the installed root side");
        boolean callsWork = SystemCalls.report(report);
        for (String kind : new String[] {SandboxOption.RUNC, SandboxOption.USER}) {
            try (Sandbox sandbox = SandboxOption.of(kind, Path.of("/nonexistent"), false, ResourceLimits.NONE)) {
                Optional<String> why = sandbox.whyUnsupported();
                sandboxWorks |= why.isEmpty();
                report.say("sandbox " + kind, why, "works");
            }
        }
        if (!OperatingSystem.isMac()) {
            report.say("limits", LimitedGroup.whyRefused("obuilder-" + UUID.randomUUID(), EACH), "memory, pids, cpus");
        }
        for (String kind : Stores.kinds()) {
            report.say("store " + kind, whyStoreUnsupported(kind), "works");
        }
        return sandboxWorks && callsWork;
    }

    /** Tries a kind of store in a temporary directory, which is on another file system than its later place may be. */
    private static Optional<String> whyStoreUnsupported(String kind) throws IOException {
        Path directory = Files.createTempDirectory("obuilder-doctor-");
        try {
            return Stores.whyUnsupported(kind, directory, new SystemCommands());
        } finally {
            try (Stream<Path> made = Files.walk(directory)) {
                for (Path path : made.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
