package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.StoreFindings;
import io.jenkins.plugins.obuilder.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder doctor}. */
@Command(
        name = "doctor",
        description = "Says what this machine can do, and what to do about what it cannot.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    @Mixin
    private RootAccess rootAccess;

    @Mixin
    private StoreOption storeOption;

    @Option(
            names = "--repair",
            description =
                    "With --store: mends the index, and removes what killed builds have left. Running builds are not"
                            + " harmed.")
    private boolean repair;

    private boolean sandboxWorks;

    @Override
    public Integer call() throws UserException, IOException {
        if (storeOption.given()) {
            return examineStore();
        }
        say("java", Optional.empty(), Runtime.version() + " in " + System.getProperty("java.home"));
        say(
                "system",
                Optional.empty(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        say("root", rootAccess.whyNot(), rootAccess.isDirect() ? "running as root" : "by the installed root side");
        for (String kind : new String[] {SandboxOption.RUNC, SandboxOption.USER}) {
            try (Sandbox sandbox = SandboxOption.of(kind, Path.of("/nonexistent"), false, ResourceLimits.NONE)) {
                Optional<String> why = sandbox.whyUnsupported();
                sandboxWorks |= why.isEmpty();
                say("sandbox " + kind, why, "works");
            }
        }
        for (String kind : Stores.kinds()) {
            say("store " + kind, whyStoreUnsupported(kind), "works");
        }
        return sandboxWorks ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** Says where a store and its index disagree, and mends it if told to. */
    private int examineStore() throws UserException, IOException {
        try (SharedStore store = storeOption.openExisting(parent.running())) {
            Optional<String> why = store.whyUnsupported();
            say("store", why, store.name() + " works");
            List<StoreFindings.Finding> findings = store.findings();
            for (StoreFindings.Finding finding : findings) {
                say("index", Optional.of(finding.id() + ": " + finding.kind().meaning()), "");
            }
            if (findings.isEmpty()) {
                say("index", Optional.empty(), "agrees with the snapshots");
            }
            if (repair) {
                store.snapshots();
                Collection<String> removed = store.repair();
                removed.forEach(what -> say("removed", Optional.empty(), what));
                findings = store.findings();
                say(
                        "repair",
                        findings.isEmpty() ? Optional.empty() : Optional.of(findings.size() + " findings are left"),
                        "done");
            }
            return why.isEmpty() && findings.isEmpty() ? ExitCodes.OK : ExitCodes.FAILED;
        }
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

    private void say(String what, Optional<String> whyNot, String detail) {
        Console.println(
                parent.running(),
                (whyNot.isPresent() ? "no   " : "ok   ")
                        + String.format("%-18s", what)
                        + whyNot.orElse(detail).replace("\n", "\n                       "));
    }
}
