package io.jenkins.plugins.obuilder.cli;

import picocli.CommandLine.IVersionProvider;

/** Which obuilder this is: told by the engine jar. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"obuilder " + text()};
    }

    /** {@code development} when it does not come from a jar. */
    static String text() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
