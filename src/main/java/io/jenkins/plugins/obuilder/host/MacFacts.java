package io.jenkins.plugins.obuilder.host;

import java.util.Optional;

/**
 * What of a Mac the results of builds depend on.
 *
 * @param version of macOS
 * @param architecture {@code arm64} or {@code x86_64}
 * @param tools which command line tools or Xcode builds find: their version and place; {@code none} without
 */
public record MacFacts(String version, String architecture, String tools) {
    /** Asks the system. */
    public static MacFacts ask(Commands commands) throws HostException {
        String version = commands.run(MacTools.version()).text();
        String architecture = commands.run(MacTools.machine()).text();
        CommandResult directory = commands.execute(MacTools.developerDirectory());
        if (!directory.succeeded()) {
            return new MacFacts(version, architecture, "none");
        }
        CommandResult tools = commands.execute(MacTools.commandLineTools());
        Optional<String> number = tools.text()
                .lines()
                .filter(line -> line.startsWith("version:"))
                .map(line -> line.substring("version:".length()).strip())
                .findFirst();
        return new MacFacts(version, architecture, directory.text() + " " + number.orElse("without a version"));
    }

    public boolean isArm() {
        return architecture.equals("arm64");
    }
}
