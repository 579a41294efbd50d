package org.kohsuke.stapler.export;

/** Stands for the class of the same name in Stapler. */
public class ExportConfig {
    public ExportConfig() {}

    public ExportConfig withFlavor(Flavor f) {
        throw new UnsupportedOperationException("only Jenkins does that");
    }

    public ExportConfig withPrettyPrint(boolean prettyPrint) {
        throw new UnsupportedOperationException("only Jenkins does that");
    }
}
