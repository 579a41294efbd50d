package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.SelfTest;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Whether the system calls that builds rely on do here what they are taken to do. */
final class SystemCalls {
    private SystemCalls() {}

    /** Tries each in a temporary directory. */
    static List<SelfTest.Finding> findings() throws IOException {
        Path directory = Files.createTempDirectory("obuilder-calls-");
        try {
            return SelfTest.run(directory, new SystemCommands());
        } finally {
            Files.deleteIfExists(directory);
        }
    }

    /** Says it; returns whether they do. On a Mac each is named: nobody has seen them work on all versions of macOS. */
    static boolean report(DoctorReport report) throws IOException {
        List<SelfTest.Finding> findings = findings();
        boolean work = findings.stream().allMatch(finding -> finding.problem().isEmpty());
        if (work && !OperatingSystem.isMac()) {
            report.say("system calls", Optional.empty(), "work");
            return true;
        }
        for (SelfTest.Finding finding : findings) {
            report.say(
                    "system call", finding.problem().map(problem -> finding.what() + ": " + problem), finding.what());
        }
        return work;
    }

    /** What is wrong with them, a line each; empty when nothing is. */
    static Optional<String> problems() throws IOException {
        List<String> problems = findings().stream()
                .filter(finding -> finding.problem().isPresent())
                .map(finding -> finding.what() + ": " + finding.problem().get())
                .toList();
        return problems.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", problems));
    }
}
