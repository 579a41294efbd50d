package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Prints a line for each problem that the self-test finds, and how many things it tried. */
final class SelfTestProgram {
    private SelfTestProgram() {}

    public static void main(String[] args) throws IOException {
        List<SelfTest.Finding> findings = SelfTest.run(Path.of(args[0]), new SystemCommands());
        for (SelfTest.Finding finding : findings) {
            finding.problem().ifPresent(problem -> System.out.println(finding.what() + ": " + problem));
        }
        System.out.println("all tried: " + findings.size());
    }
}
