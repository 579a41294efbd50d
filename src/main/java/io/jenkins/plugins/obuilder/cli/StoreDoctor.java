package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.StoreException;
import io.jenkins.plugins.obuilder.store.StoreFindings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Says what is wrong with one store, and mends what can be mended if told to. Builds may be running. */
record StoreDoctor(Running running, DoctorReport report, boolean repair) {
    /** Returns whether nothing is wrong, any more. */
    boolean examine(StoreOption option) throws UserException, IOException {
        try (SharedStore store = option.openExisting(running)) {
            return examine(store);
        } catch (StoreException e) {
            report.say("store", Optional.of(String.valueOf(e.getMessage())), "");
            return false;
        }
    }

    /** The same with one that is open. */
    boolean examine(SharedStore store) throws UserException, IOException {
        Optional<String> why = store.whyUnsupported();
        report.say("store", why, store.name() + " works");
        List<StoreFindings.Finding> findings = store.findings();
        for (StoreFindings.Finding finding : findings) {
            report.say(finding);
        }
        if (findings.isEmpty()) {
            report.say("findings", Optional.empty(), "none: index, files and permissions are as they should be");
        } else if (repair) {
            findings = mend(store);
        } else {
            long repairable = findings.stream()
                    .filter(finding -> finding.kind().isRepairable())
                    .count();
            report.say(
                    "findings",
                    Optional.of(findings.size() + (repairable == 0 ? "" : "; --repair mends " + repairable)),
                    "");
        }
        return why.isEmpty() && findings.isEmpty();
    }

    private List<StoreFindings.Finding> mend(SharedStore store) throws UserException, IOException {
        for (String what : sweepSandboxes(store)) {
            report.say("removed", Optional.empty(), what);
        }
        for (String what : store.mend()) {
            report.say("removed", Optional.empty(), what);
        }
        List<StoreFindings.Finding> left = store.findings();
        report.say(
                "repair",
                left.isEmpty()
                        ? Optional.empty()
                        : Optional.of(left.size() + " left: "
                                + String.join(
                                        ", ",
                                        left.stream()
                                                .map(StoreFindings.Finding::what)
                                                .toList())),
                "done");
        return left;
    }

    /** What still runs may hold what is to be removed. On macOS that is left to the next build, which knows its accounts. */
    private static List<String> sweepSandboxes(SharedStore store) throws UserException, IOException {
        if (OperatingSystem.isMac()) {
            return List.of();
        }
        try (Sandbox runc = SandboxOption.of(SandboxOption.RUNC, store.root(), false, ResourceLimits.NONE)) {
            return runc.sweep();
        }
    }
}
