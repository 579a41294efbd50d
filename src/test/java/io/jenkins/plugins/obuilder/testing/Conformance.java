package io.jenkins.plugins.obuilder.testing;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One folder of {@code src/test/resources/conformance}: what the reference answers for a spec. Its README says what the files are.
 *
 * @param ids every snapshot's id, in order, nested builds first
 */
public record Conformance(String name, Path directory, String base, List<EnvVar> baseEnv, List<SnapshotId> ids) {

    public static Stream<Conformance> cases() throws IOException {
        List<Conformance> cases = new ArrayList<>();
        try (Stream<Path> directories = Files.list(root())) {
            for (Path directory :
                    (Iterable<Path>) directories.filter(Files::isDirectory).sorted()::iterator) {
                cases.add(read(directory));
            }
        }
        return cases.stream();
    }

    public static Conformance named(String name) throws IOException {
        return read(root().resolve(name));
    }

    private static Path root() {
        try {
            return Path.of(Conformance.class.getResource("/conformance").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static Conformance read(Path directory) throws IOException {
        Map<String, Object> expected = JSON.std.mapFrom(Files.readAllBytes(directory.resolve("expected.json")));
        return new Conformance(
                directory.getFileName().toString(),
                directory,
                (String) expected.get("base"),
                strings(expected.get("baseEnv")).stream()
                        .map(pair -> pair.split("=", 2))
                        .map(pair -> new EnvVar(Bytes.ofText(pair[0]), Bytes.ofText(pair[1])))
                        .toList(),
                strings(expected.get("ids")).stream().map(SnapshotId::new).toList());
    }

    private static List<String> strings(Object array) {
        return ((List<?>) array).stream().map(String.class::cast).toList();
    }

    public byte[] spec() {
        return file("build.spec");
    }

    public byte[] file(String file) {
        try {
            return Files.readAllBytes(directory.resolve(file));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * What the build printed (a byte string), without what the reference's runc said of its control groups: the reference does not keep
     * that out of a step's output.
     */
    public String log() {
        return Bytes.of(file("expected.log"))
                .replaceAll("(?m)^time=\"[^\"]*\" level=error msg=\"Failed to remove .*\n", "");
    }

    /** The value of every secret by its id (byte strings). */
    public Map<String, String> secrets() throws IOException {
        Map<String, String> values = new TreeMap<>();
        if (Files.isDirectory(directory.resolve("secrets"))) {
            try (Stream<Path> files = Files.list(directory.resolve("secrets"))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    values.put(file.getFileName().toString(), Bytes.of(Files.readAllBytes(file)));
                }
            }
        }
        return values;
    }

    /** Unpacks the build context into a directory; it stays empty where the case has none. */
    public void unpackContext(Path into) throws IOException {
        Path archive = directory.resolve("context.tar");
        if (!Files.exists(archive)) {
            return;
        }
        Tools.run(into, "tar", "-xf", archive.toString());
    }

    @Override
    public String toString() {
        return name;
    }
}
