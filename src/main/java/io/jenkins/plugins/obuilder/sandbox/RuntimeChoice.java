package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cgroups;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.RememberedText;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runtime starts containers: crun, which takes half the time, where a container with limits works with it; else runc. That is tried
 * once, and remembered for this very crun and kernel. Thread-safe.
 */
final class RuntimeChoice {
    private static final Logger LOG = LoggerFactory.getLogger(RuntimeChoice.class);

    /** What every command has room in. */
    private static final ResourceLimits LIMITS =
            new ResourceLimits(OptionalLong.of(256 << 20), OptionalInt.of(100), OptionalDouble.of(1));

    private static final String WORKS = "works";
    private static final String FAILS = "fails";

    private final Commands commands;
    private final RememberedText memory;
    private final Optional<String> wanted;
    private OciRuntime made;

    /**
     * Does nothing yet.
     *
     * @param memory the file where it is remembered whether crun works; whoever can write there decides that
     * @param wanted a runtime's name; empty: the better one of those that work
     */
    RuntimeChoice(Commands commands, Path memory, Optional<String> wanted) {
        this.commands = commands;
        this.memory = new RememberedText(memory);
        this.wanted = wanted;
    }

    /**
     * The one that is used.
     *
     * @throws HostException when it is not installed
     */
    synchronized OciRuntime made() throws IOException {
        if (made == null) {
            made = make();
        }
        return made;
    }

    private OciRuntime make() throws IOException {
        if (wanted.isPresent()) {
            return wanted.get().equals(OciRuntime.Kind.CRUN.command())
                    ? OciRuntime.find(commands, OciRuntime.Kind.CRUN)
                            .orElseThrow(
                                    () -> new HostException(
                                            wanted.get()
                                                    + " is not installed; install the package of that name, or leave the choice to obuilder"))
                    : OciRuntime.runc(commands);
        }
        Optional<OciRuntime> crun = OciRuntime.find(commands, OciRuntime.Kind.CRUN);
        return crun.isPresent() && works(crun.get()) ? crun.get() : OciRuntime.runc(commands);
    }

    private boolean works(OciRuntime crun) throws IOException {
        // It refuses the second version of control groups beside the first.
        if (crun.withoutCgroups() || Cgroups.hybrid()) {
            return false;
        }
        String subject = System.getProperty("os.version") + " " + crun.program() + " " + Files.size(crun.program())
                + " " + Files.getLastModifiedTime(crun.program()) + " ";
        Optional<String> known = memory.read();
        if (known.equals(Optional.of(subject + WORKS)) || known.equals(Optional.of(subject + FAILS))) {
            return known.get().endsWith(WORKS);
        }
        Optional<String> why = whyNot();
        why.ifPresent(reason -> LOG.debug("crun is not used: {}", reason));
        memory.write(subject + (why.isEmpty() ? WORKS : FAILS));
        return why.isEmpty();
    }

    private Optional<String> whyNot() {
        try {
            return new RuncProbe(commands, OciRuntime.Kind.CRUN, LIMITS).whyUnsupported();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }
}
