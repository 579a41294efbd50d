package io.jenkins.plugins.obuilder;

import edu.umd.cs.findbugs.annotations.CheckForNull;

/** What forms send. */
final class Texts {
    private Texts() {}

    /** The text, or null for one without a character that shows: what a form sends for a field that was left empty. */
    @CheckForNull
    static String given(@CheckForNull String text) {
        return text == null || text.isBlank() ? null : text;
    }

    static io.jenkins.plugins.obuilder.agent.BuildSpecification specification(
            String spec,
            String specFile,
            String store,
            String sandbox,
            String dir,
            java.util.List<String> images,
            Integer parallel,
            boolean keepGoing) {
        java.util.List<String> options = new java.util.ArrayList<>();
        if (store != null) options.add("--store=" + store);
        if (sandbox != null) options.add("--sandbox=" + sandbox);
        images.forEach(image -> options.add("--image=" + image));
        if (parallel != null) options.add("--parallel=" + parallel);
        if (keepGoing) options.add("--keep-going");
        return new io.jenkins.plugins.obuilder.agent.BuildSpecification(spec, specFile, dir, options);
    }
}
