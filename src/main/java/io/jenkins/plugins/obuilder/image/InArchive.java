package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.PieceInput;
import io.jenkins.plugins.obuilder.host.Places;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files inside a tar archive, found by one scan. Nothing is unpacked to disk: opening a file reads on from its place, which in a
 * compressed archive means decompressing what stands before it.
 */
final class InArchive implements ImageFiles {
    /** Images have some hundred files, layers among them. */
    private static final int MAX_FILES = 100_000;

    /** How many links one may lead to the next: {@code docker save} writes a layer that occurs twice as one. */
    private static final int MAX_LINKS = 10;

    private record Extent(long offset, long length) {}

    private final Path archive;
    private final Map<String, Extent> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private InArchive(Path archive) {
        this.archive = archive;
    }

    static InArchive scan(Path archive) throws IOException {
        InArchive index = new InArchive(archive);
        try (InputStream in = Decompression.open(Files.newInputStream(archive), UnpackLimits.DEFAULT.bytes())) {
            TarReader reader = new TarReader(in);
            Optional<TarEntry> next;
            while ((next = reader.next()).isPresent()) {
                index.add(next.get(), reader.position());
                if (index.files.size() + index.links.size() > MAX_FILES) {
                    throw new ImageException("it holds more than " + MAX_FILES + " files: it is no saved image");
                }
            }
        }
        return index;
    }

    private void add(TarEntry entry, long position) {
        String name = EntryName.key(List.of(), entry.name());
        switch (entry.type()) {
            case FILE -> files.put(name, new Extent(position, entry.stored()));
            case HARD_LINK -> links.put(name, EntryName.key(List.of(), entry.link()));
            case SYMLINK -> {
                List<String> parent = Places.split(name);
                links.put(name, EntryName.key(parent.subList(0, Math.max(0, parent.size() - 1)), entry.link()));
            }
            default -> {
                // directories and devices hold nothing of an image
            }
        }
    }

    private Optional<Extent> find(String name) {
        String at = EntryName.key(List.of(), Bytes.ofText(name));
        for (int hops = 0; hops < MAX_LINKS && links.containsKey(at); hops++) {
            at = links.get(at);
        }
        return Optional.ofNullable(files.get(at));
    }

    @Override
    public boolean has(String name) {
        return find(name).isPresent();
    }

    @Override
    public InputStream open(String name) throws IOException {
        Extent extent = find(name).orElseThrow(() -> new ImageException("there is no file " + name + " in " + archive));
        InputStream in = Decompression.open(Files.newInputStream(archive), UnpackLimits.DEFAULT.bytes());
        try {
            in.skipNBytes(extent.offset());
        } catch (IOException e) {
            in.close();
            throw e;
        }
        return new Part(in, extent.length(), archive);
    }

    private static final class Part extends PieceInput {
        private final InputStream in;
        private final Path archive;
        private long left;

        Part(InputStream in, long length, Path archive) {
            this.in = in;
            this.archive = archive;
            left = length;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int n = in.read(buffer, offset, (int) Math.min(length, left));
            if (n < 0) {
                throw new ImageException(archive + " became shorter while it was read");
            }
            left -= n;
            return n;
        }

        @Override
        public long skip(long count) throws IOException {
            long n = in.skip(Math.min(count, left));
            left -= n;
            return n;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
