package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder doctor}. */
@Command(
        name = "doctor",
        description = "Says what this machine can do, and what to do about what it cannot.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
    @ParentCommand
    private ObuilderCommand parent;

    private boolean sandboxWorks;

    @Override
    public Integer call() throws UserException {
        say("java", Optional.empty(), Runtime.version() + " in " + System.getProperty("java.home"));
        say(
                "system",
                Optional.empty(),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        String user = System.getProperty("user.name");
        say(
                "root",
                user.equals("root")
                        ? Optional.empty()
                        : Optional.of("this is " + user + ": containers, accounts and mounts need root"),
                "running as root");
        for (String kind : new String[] {SandboxOption.RUNC, SandboxOption.USER}) {
            Sandbox sandbox = SandboxOption.of(kind, Path.of(System.getProperty("java.io.tmpdir")));
            Optional<String> why = sandbox.whyUnsupported();
            sandboxWorks |= why.isEmpty();
            say("sandbox " + kind, why, "works");
        }
        return sandboxWorks ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void say(String what, Optional<String> whyNot, String detail) {
        Console.println(
                parent.running(),
                (whyNot.isPresent() ? "no   " : "ok   ")
                        + String.format("%-18s", what)
                        + whyNot.orElse(detail).replace("\n", "\n                       "));
    }
}
