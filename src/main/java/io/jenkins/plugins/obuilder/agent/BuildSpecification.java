package io.jenkins.plugins.obuilder.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.AbortException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a job asks the engine to build. Absent values are null: the engine's defaults apply.
 *
 * @param spec the spec's text; null when it is in a file
 * @param specFile the file in the workspace with the spec; null when the text is given
 * @param dir the build context, in the workspace
 */
public record BuildSpecification(
        @CheckForNull String spec,
        @CheckForNull String specFile,
        @CheckForNull String store,
        @CheckForNull String sandbox,
        @CheckForNull String dir,
        List<String> images,
        @CheckForNull Integer parallel,
        boolean keepGoing)
        implements Serializable {

    public BuildSpecification {
        images = List.copyOf(images);
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

    /** The arguments of the engine's command, which reads the spec's text, if there is one, from its standard input. */
    List<String> arguments(String resultFile) {
        List<String> arguments = new ArrayList<>(List.of("build", "--result", resultFile));
        arguments.addAll(specFile == null ? List.of("-f", "-", "--spec-name", "spec") : List.of("-f", specFile));
        add(arguments, "--store", store);
        add(arguments, "--sandbox", sandbox);
        for (String image : images) {
            add(arguments, "--image", image);
        }
        add(arguments, "--parallel", parallel);
        if (keepGoing) {
            arguments.add("--keep-going");
        }
        arguments.add("--");
        arguments.add(dir == null ? "." : dir);
        return arguments;
    }

    private static void add(List<String> arguments, String option, @CheckForNull Object value) {
        if (value != null) {
            arguments.add(option + "=" + value);
        }
    }
}
