package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the image that {@code (from NAME)} means. A user says it with {@code --image NAME=SOURCE}, where SOURCE is a known prefix and what
 * that source makes of the rest. A new source is a class and its line in {@link #of}.
 */
public final class ImageSources {
    /** What a base has that carries no configuration: the reference's images have it too. */
    static final List<EnvVar> BASE_ENV =
            List.of(new EnvVar("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));

    private final Map<String, ImageSource> sources = new TreeMap<>();
    private final Map<String, String> mappings = new TreeMap<>();
    private Optional<Path> homes = Optional.empty();
    private boolean asksDocker;

    private ImageSources(List<ImageSource> sources) {
        sources.forEach(source -> this.sources.put(source.prefix(), source));
    }

    /**
     * Takes the user's mappings.
     *
     * @param mappings each {@code NAME=SOURCE}
     * @throws ImageException when one is misspelt; nothing is opened yet
     */
    public static ImageSources of(List<String> mappings, DigestMemory memory, UnpackLimits limits)
            throws ImageException {
        return of(mappings, memory, limits, dockerOf(System.getenv()));
    }

    /** The client of the daemon that the environment names. */
    private static DockerClient dockerOf(Map<String, String> environment) {
        return new DockerClient(new SystemCommands(), environment, line -> {}, new Cancellation());
    }

    /** The same with another client of docker. */
    public static ImageSources of(List<String> mappings, DigestMemory memory, UnpackLimits limits, DockerClient docker)
            throws ImageException {
        Host host = new Host(Platform.here(), limits);
        ImageSources all = new ImageSources(List.of(
                new DockerSource(docker, host),
                new DirSource(memory),
                new HomeSource(memory),
                new TarSource(memory, limits),
                new DockerArchiveSource(host),
                new OciSource(host)));
        for (String mapping : mappings) {
            all.map(mapping);
        }
        return all;
    }

    /**
     * Lets a name without a mapping mean the directory of that name in here, if that is a template of a home.
     *
     * @param directory such as {@code /Users}
     */
    public ImageSources withHomes(Path directory) {
        homes = Optional.of(directory);
        return this;
    }

    /** Lets a name without a mapping mean an image of docker's, where docker is installed. */
    public ImageSources withDocker() {
        asksDocker = true;
        return this;
    }

    private void map(String mapping) throws ImageException {
        int equals = mapping.indexOf('=');
        if (equals < 1) {
            throw new ImageException("--image " + mapping + " is not NAME=SOURCE; SOURCE is " + usage());
        }
        String source = mapping.substring(equals + 1);
        source(source);
        if (mappings.putIfAbsent(Bytes.ofText(mapping.substring(0, equals)), source) != null) {
            throw new ImageException("--image " + mapping.substring(0, equals) + "=… is given twice");
        }
    }

    private ImageSource source(String text) throws ImageException {
        int colon = text.indexOf(':');
        ImageSource source = colon < 0 ? null : sources.get(text.substring(0, colon));
        if (source != null) {
            return source;
        }
        if (text.startsWith("/") || text.startsWith(".") || colon < 0 && Files.exists(Path.of(text))) {
            throw new ImageException("the image source " + text + " does not say what it is; " + guess(Path.of(text)));
        }
        throw new ImageException("the image source " + text + " begins with no known prefix"
                + Suggestions.sentence(colon < 0 ? text : text.substring(0, colon), sources.keySet()) + " A source is "
                + usage());
    }

    /** For a path without a prefix. */
    private static String guess(Path path) {
        if (!Files.exists(path)) {
            return "and there is nothing there";
        }
        try {
            boolean directory = Files.isDirectory(path);
            ImageFiles files = ImageFiles.of(path);
            if (OciLayout.isOne(files)) {
                return "it looks like oci:" + path;
            }
            if (DockerArchive.isOne(files) && !directory) {
                return "it looks like docker-archive:" + path;
            }
            return "it looks like " + (directory ? "dir:" : "tar:") + path;
        } catch (IOException e) {
            return "and it cannot be read as an archive: " + e.getMessage();
        }
    }

    /** Where on this machine a source of a mapping lies; empty when it lies elsewhere, or nowhere. */
    public static String path(String source) {
        int colon = source.indexOf(':');
        String reference = source.substring(colon + 1);
        if (!reference.startsWith("/")) {
            return reference;
        }
        try {
            return SourcePath.parse(reference, source).path().toString();
        } catch (ImageException e) {
            // There is nothing there, which is told when the image is opened.
            return "";
        }
    }

    private String usage() {
        return sources.values().stream().map(ImageSource::usage).collect(Collectors.joining(", "));
    }

    /**
     * Opens the image of a name in a spec.
     *
     * @param name byte string
     * @throws ImageException when no image was given for it, or the image is not there or damaged
     */
    public Image open(String name) throws IOException {
        String source = mappings.get(name);
        Optional<String> home = home(name);
        if (source == null && home.isPresent()) {
            source = home.get();
        }
        if (source == null) {
            return openOfDocker(name).orElseThrow(() -> none(name, ""));
        }
        return source(source).open(source.substring(source.indexOf(':') + 1));
    }

    private Optional<Image> openOfDocker(String name) throws IOException {
        String reference = Bytes.toText(name);
        DockerSource docker = (DockerSource) sources.get("docker");
        if (!asksDocker || !docker.client().isInstalled() || !DockerClient.isReference(reference)) {
            return Optional.empty();
        }
        try {
            return Optional.of(docker.open(reference));
        } catch (ImageException e) {
            throw none(name, " From docker it cannot be had: " + e.getMessage() + ".");
        }
    }

    private ImageException none(String name, String docker) {
        return new ImageException("there is no image for (from " + Bytes.toText(name) + ")"
                + Suggestions.sentence(name, mappings.keySet())
                + (mappings.isEmpty() ? "." : "")
                + docker
                + " Give one with --image " + Bytes.toText(name) + "=SOURCE, where SOURCE is " + usage());
    }

    /** Only a plain name: nothing else can be meant. */
    private Optional<String> home(String name) {
        String text = Bytes.toText(name);
        return homes.filter(directory -> text.matches("[A-Za-z0-9_][A-Za-z0-9._-]*"))
                .map(directory -> directory.resolve(text))
                .filter(Files::isDirectory)
                .map(directory -> "home:" + directory);
    }
}
