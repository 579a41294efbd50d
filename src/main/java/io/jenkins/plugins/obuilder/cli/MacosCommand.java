package io.jenkins.plugins.obuilder.cli;

import picocli.CommandLine.Command;

/** {@code obuilder macos}: {@code build} with the sandbox of macOS. */
@Command(
        name = "macos",
        description = "Builds a spec as build does, in the user sandbox: every step runs as an account of its own.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class MacosCommand extends BuildCommand {
    @Override
    String defaultSandbox() {
        return SandboxOption.USER;
    }
}
