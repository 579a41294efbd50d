package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** What a job asks the engine to build; no secrets. A class of plain fields, as running pipelines save it. */
public final class BuildSpecification implements Serializable {
    private static final long serialVersionUID = 1L;

    private final @CheckForNull String spec;
    private final @CheckForNull String specFile;
    private final @CheckForNull String dir;
    private final ArrayList<String> options;
    private final ArrayList<String> macOptions;

    /**
     * Checks nothing yet.
     *
     * @param spec the spec's text; null when it is in a file
     * @param specFile the file in the workspace with the spec; null when the text is given
     * @param dir the build context, in the workspace; null for the workspace itself
     * @param options of the engine's command, such as {@code --store=zfs:/tank}: what administrators and job have agreed on
     * @param macOptions more of them, for agents on macOS alone
     */
    public BuildSpecification(
            @CheckForNull String spec,
            @CheckForNull String specFile,
            @CheckForNull String dir,
            List<String> options,
            List<String> macOptions) {
        this.spec = spec;
        this.specFile = specFile;
        this.dir = dir;
        this.options = new ArrayList<>(options);
        this.macOptions = new ArrayList<>(macOptions);
    }

    @CheckForNull
    String spec() {
        return spec;
    }

    @CheckForNull
    String specFile() {
        return specFile;
    }

    /**
     * Checks that it says what to build.
     *
     * @throws AbortException when it does not; the message is for the user
     */
    void check() throws AbortException {
        if (spec == null && specFile == null) {
            throw new AbortException(
                    "obuilder: nothing to build: give spec (the text) or specFile (a file in the workspace)");
        }
        if (spec != null && specFile != null) {
            throw new AbortException("obuilder: both spec and specFile are given: give one of them");
        }
    }

    /**
     * The arguments of the engine's command; the rest comes over its standard input.
     *
     * @param mac whether the agent runs macOS
     */
    List<String> arguments(boolean mac) {
        List<String> arguments =
                new ArrayList<>(List.of("build", "--request", "--spec-name=" + (specFile == null ? "spec" : specFile)));
        arguments.addAll(options);
        if (mac) {
            arguments.addAll(macOptions);
        }
        arguments.add("--");
        arguments.add(dir == null ? "." : dir);
        return arguments;
    }
}
