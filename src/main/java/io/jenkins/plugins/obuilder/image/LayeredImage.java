package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An image of layers, from an OCI layout or from what {@code docker save} wrote. */
final class LayeredImage implements Image {
    private final String shown;
    private final ImageFiles files;
    private final ImageConfiguration configuration;
    private final List<Layer> layers;
    private final Host host;

    /** @param shown the source as the user named it */
    LayeredImage(String shown, ImageFiles files, ImageConfiguration configuration, List<Layer> layers, Host host) {
        this.shown = shown;
        this.files = files;
        this.configuration = configuration;
        this.layers = List.copyOf(layers);
        this.host = host;
    }

    /** The digest of its configuration, which docker shows as the image's id. It covers the digest of every layer. */
    @Override
    public String identity() {
        return configuration.digest().toString();
    }

    @Override
    public List<EnvVar> env() {
        return configuration.env();
    }

    @Override
    public void unpack(Path rootfs, Progress progress) throws IOException {
        if (!host.platform().fits(configuration.platform())) {
            progress.say(shown + " is for " + configuration.platform() + ", this machine is " + host.platform()
                    + ": its programs may not run here");
        }
        try (TreeWriter tree = TreeWriter.open(rootfs, host.limits(), progress)) {
            for (int i = 0; i < layers.size(); i++) {
                String what = shown + ", layer " + (i + 1) + " of " + layers.size();
                progress.say("unpacking " + what);
                unpack(layers.get(i), what, tree);
            }
            tree.finish();
        }
    }

    private void unpack(Layer layer, String what, TreeWriter tree) throws IOException {
        // An archive that is not compressed is its blob, and one digest will do for both.
        Optional<Digest> blobDigest = layer.blob().filter(digest -> !digest.equals(layer.diffId()));
        try (InputStream file = files.open(layer.file());
                Digest.Verified blob =
                        blobDigest.isPresent() ? new Digest.Verified(file, blobDigest.get(), what) : null;
                Digest.Verified archive = new Digest.Verified(
                        new AheadInput(Decompression.open(
                                blob == null ? file : blob, host.limits().bytes())),
                        layer.diffId(),
                        blob == null ? what : what + ", decompressed,")) {
            LayerUnpacker.unpack(archive, tree);
            archive.verify();
            if (blob != null) {
                blob.verify();
            }
        } catch (ImageException e) {
            throw new ImageException(what + ": " + e.getMessage(), e);
        }
    }
}
