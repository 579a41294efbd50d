package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.OnlyRoot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The wrapper: what it is made from. */
public final class WrapperScript {
    /** What a path may consist of that stands unquoted in a shell script and in sudoers. */
    private static final String PLAIN_PATH = "/[A-Za-z0-9/._+-]*";

    /** Files of a Java that are root's code, wherever links lead. */
    private static final List<String> OF_JAVA = List.of(
            "bin/java",
            "lib/jvm.cfg",
            "lib/modules",
            "lib/libjli.so",
            "lib/libjava.so",
            "lib/server/libjvm.so",
            "lib/libjli.dylib",
            "lib/libjava.dylib",
            "lib/server/libjvm.dylib",
            "conf/security/java.security");

    private WrapperScript() {}

    /**
     * The text of the wrapper.
     *
     * @param java the home directory of the Java that root is to use
     * @param archive of classes that it starts faster with; empty: there is none
     */
    public static String of(Installation installation, Path java, Optional<Path> archive, Path config, String version)
            throws IOException {
        // -Xlog:disable: what the JVM does not like about an archive it would say on standard output.
        String sharing = archive.isPresent() ? " -Xlog:disable -XX:SharedArchiveFile=" + plain(archive.get()) : "";
        return template()
                .replace("@VERSION@", version)
                .replace("@STEPS@", steps(installation, java, archive, config))
                .replace("@JAVA@", plain(java))
                .replace("@SHARING@", sharing)
                .replace("@JAR@", plain(installation.jar()))
                .replace("@TMP@", plain(installation.tmp()))
                .replace("@PREFIX@", plain(installation.prefix()))
                .replace("@CONFIG@", plain(config));
    }

    private static String template() throws IOException {
        try (InputStream script = WrapperScript.class.getResourceAsStream("obuilder-agent.sh")) {
            if (script == null) {
                throw new IOException("obuilder-agent.sh is missing in this jar; fetch it again");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String steps(Installation installation, Path java, Optional<Path> archive, Path config)
            throws HostException {
        Set<Path> steps = new LinkedHashSet<>();
        steps.addAll(OnlyRoot.steps(installation.jar()));
        steps.addAll(OnlyRoot.steps(installation.tmp()));
        steps.addAll(OnlyRoot.steps(config));
        if (archive.isPresent()) {
            steps.addAll(OnlyRoot.steps(archive.get()));
        }
        for (String file : OF_JAVA) {
            if (Files.exists(java.resolve(file))) {
                steps.addAll(OnlyRoot.steps(java.resolve(file)));
            }
        }
        Set<String> shown = new LinkedHashSet<>();
        for (Path step : steps) {
            shown.add(plain(step));
        }
        return shown.stream().collect(Collectors.joining(" "));
    }

    /**
     * A path that can stand anywhere.
     *
     * @throws HostException when it cannot
     */
    static String plain(Path path) throws HostException {
        if (!path.toString().matches(PLAIN_PATH)) {
            throw new HostException(
                    "the path " + path + " has characters besides letters, digits and / . _ + -, which the"
                            + " configuration of sudo would misunderstand; choose another place");
        }
        return path.toString();
    }
}
