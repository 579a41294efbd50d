package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

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
    public void unpack(Path rootfs, Consumer<String> progress) throws IOException {
        if (!host.platform().fits(configuration.platform())) {
            progress.accept(shown + " is for " + configuration.platform() + ", this machine is " + host.platform()
                    + ": its programs may not run here");
        }
        try (TreeWriter tree = TreeWriter.open(rootfs, host.limits(), progress)) {
            for (int i = 0; i < layers.size(); i++) {
                String what = shown + ", layer " + (i + 1) + " of " + layers.size();
                progress.accept("unpacking " + what);
                unpack(layers.get(i), what, tree);
            }
            tree.finish();
        }
    }

    private void unpack(Layer layer, String what, TreeWriter tree) throws IOException {
        // without a digest of its own, the blob is covered by the one of what it holds
        try (Digest.Verified blob = new Digest.Verified(
                        files.open(layer.file()), layer.blob().orElse(layer.diffId()), what);
                Digest.Verified archive = new Digest.Verified(
                        Decompression.open(blob, host.limits().bytes()), layer.diffId(), what + ", decompressed,")) {
            LayerUnpacker.unpack(archive, tree);
            archive.verify();
            if (layer.blob().isPresent()) {
                blob.verify();
            }
        } catch (ImageException e) {
            throw new ImageException(what + ": " + e.getMessage(), e);
        }
    }
}
