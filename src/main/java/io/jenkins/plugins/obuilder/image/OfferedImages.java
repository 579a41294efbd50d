package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Images that this process has and another unpacks. Only what was offered is ever opened. Thread-safe. */
public final class OfferedImages implements ForeignImages {
    private final Map<String, String> sources = new HashMap<>();
    private final Map<String, ImageFiles> files = new HashMap<>();
    private final DigestMemory memory;

    private OfferedImages(DigestMemory memory) {
        this.memory = memory;
    }

    /**
     * Offers these.
     *
     * @param mappings each {@code NAME=SOURCE}; they have been checked by {@link ImageSources#of}
     * @throws ImageException when one is of a kind that cannot be passed on
     */
    public static OfferedImages of(Iterable<String> mappings, DigestMemory memory) throws ImageException {
        OfferedImages images = new OfferedImages(memory);
        for (String mapping : mappings) {
            int equals = mapping.indexOf('=');
            String source = mapping.substring(equals + 1);
            String kind = source.substring(0, source.indexOf(':'));
            if (!Set.of(OciSource.PREFIX, DockerArchiveSource.PREFIX, TarSource.PREFIX)
                    .contains(kind)) {
                throw new ImageException(
                        "--image " + mapping + ": images of this kind are the administrator's to name, in"
                                + " the configuration of the root side; "
                                + (kind.equals(DirSource.PREFIX)
                                        ? "make an archive of the directory and give it as tar:FILE"
                                        : "save the image and give it as oci:PATH or docker-archive:FILE"));
            }
            images.sources.put(Bytes.ofText(mapping.substring(0, equals)), source);
        }
        return images;
    }

    /** The names, as text. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        sources.keySet().forEach(name -> names.add(Bytes.toText(name)));
        return names;
    }

    private record Source(String kind, SourcePath at) {}

    private Source source(String name) throws ImageException {
        String source = sources.get(name);
        if (source == null) {
            throw new ImageException("the image " + ImageException.quote(name) + " was not offered");
        }
        int colon = source.indexOf(':');
        String kind = source.substring(0, colon);
        String reference = source.substring(colon + 1);
        String usage = kind + ":PATH";
        return new Source(
                kind,
                kind.equals(TarSource.PREFIX)
                        ? new SourcePath(SourcePath.existing(reference, usage), Optional.empty())
                        : SourcePath.parse(reference, usage));
    }

    @Override
    public Description describe(String name) throws IOException {
        Source source = source(name);
        return new Description(
                source.kind(),
                source.kind() + ":" + source.at().path(),
                source.at().which());
    }

    private Path archive(String name) throws IOException {
        Path archive = source(name).at().path();
        if (!Files.isRegularFile(archive)) {
            throw new ImageException(archive + " is no file");
        }
        return archive;
    }

    @Override
    public String digest(String name) throws IOException {
        return memory.file(archive(name)).toString();
    }

    private ImageFiles files(String name) throws IOException {
        Source source = source(name);
        synchronized (files) {
            ImageFiles known = files.get(name);
            if (known == null) {
                known = ImageFiles.of(source.at().path());
                files.put(name, known);
            }
            return known;
        }
    }

    @Override
    public boolean has(String name, String file) throws IOException {
        return files(name).has(file);
    }

    @Override
    public InputStream open(String name, Optional<String> file) throws IOException {
        return file.isPresent() ? files(name).open(file.get()) : Files.newInputStream(archive(name));
    }
}
