package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A root file system in a tar archive, which may be compressed. */
final class TarImage implements Image {
    private final String shown;
    private final DigestMemory.Finder<Digest> digestOfContents;
    private final DigestMemory.Finder<InputStream> contents;
    private final UnpackLimits limits;
    private Optional<Digest> digest = Optional.empty();

    TarImage(Path archive, DigestMemory memory, UnpackLimits limits) {
        this("tar:" + archive, () -> memory.file(archive), () -> Files.newInputStream(archive), limits);
    }

    /**
     * One that lies anywhere.
     *
     * @param shown what messages call it
     * @param digest need not be believed: what is unpacked is compared with it
     */
    TarImage(
            String shown,
            DigestMemory.Finder<Digest> digest,
            DigestMemory.Finder<InputStream> contents,
            UnpackLimits limits) {
        this.shown = shown;
        digestOfContents = digest;
        this.contents = contents;
        this.limits = limits;
    }

    /** The digest of the archive's bytes. */
    @Override
    public synchronized String identity() throws IOException {
        if (digest.isEmpty()) {
            digest = Optional.of(digestOfContents.find());
        }
        return digest.get().toString();
    }

    @Override
    public List<EnvVar> env() {
        return ImageSources.BASE_ENV;
    }

    @Override
    public synchronized void unpack(Path rootfs, Progress progress) throws IOException {
        progress.say("unpacking " + shown);
        try (TreeWriter tree = TreeWriter.open(rootfs, limits, progress);
                InputStream file = contents.find()) {
            if (digest.isPresent()) { // what was promised must be what is unpacked
                try (Digest.Verified verified = new Digest.Verified(file, digest.get(), shown)) {
                    unpack(verified, tree, verified::verify);
                }
            } else {
                unpack(file, tree, () -> {});
            }
            tree.finish();
        }
    }

    private interface Check {
        void run() throws IOException;
    }

    /** @param check made when all was read; what is unpacked is closed after it */
    private void unpack(InputStream file, TreeWriter tree, Check check) throws IOException {
        try (InputStream archive = new AheadInput(Decompression.open(file, limits.bytes()))) {
            try {
                LayerUnpacker.unpackPlain(archive, tree);
            } catch (ImageException e) {
                throw new ImageException(shown + ": " + e.getMessage(), e);
            }
            check.run();
        }
    }
}
