package io.jenkins.plugins.obuilder.image;

import com.fasterxml.jackson.jr.ob.JSON;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Makes OCI image layouts out of layers that are already tar archives. */
public final class OciImages {
    private final Path layout;

    /** How a layer is stored. */
    public enum Packing {
        PLAIN,
        GZIP,
        ZSTD
    }

    OciImages(Path layout) throws IOException {
        this.layout = layout;
        Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    /** One image of these layers, which is all that is in the layout. */
    public static Path of(Path layout, Packing packing, List<String> env, byte[]... layers) throws IOException {
        OciImages images = new OciImages(layout);
        images.index(List.of(images.tagged("latest", images.image(Platform.here(), packing, env, layers))));
        return layout;
    }

    /** Adds a manifest with its blobs; returns its descriptor. */
    Map<String, Object> image(Platform platform, Packing packing, List<String> env, byte[]... layers)
            throws IOException {
        List<Map<String, Object>> descriptors = new ArrayList<>();
        List<String> diffIds = new ArrayList<>();
        for (byte[] layer : layers) {
            diffIds.add(Digest.sha256(layer).toString());
            String suffix = packing == Packing.PLAIN ? "" : "+" + packing.name().toLowerCase(java.util.Locale.ROOT);
            descriptors.add(blob("application/vnd.oci.image.layer.v1.tar" + suffix, packed(packing, layer)));
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architecture", platform.architecture());
        config.put("os", platform.os());
        config.put("config", Map.of("Env", env));
        config.put("rootfs", Map.of("type", "layers", "diff_ids", diffIds));
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("config", blob("application/vnd.oci.image.config.v1+json", JSON.std.asBytes(config)));
        manifest.put("layers", descriptors);
        Map<String, Object> descriptor = blob("application/vnd.oci.image.manifest.v1+json", JSON.std.asBytes(manifest));
        descriptor.put("platform", Map.of("os", platform.os(), "architecture", platform.architecture()));
        return descriptor;
    }

    /** Adds an index of manifests for several machines; returns its descriptor. */
    Map<String, Object> nested(List<Map<String, Object>> descriptors) throws IOException {
        return blob(
                "application/vnd.oci.image.index.v1+json",
                JSON.std.asBytes(Map.of("schemaVersion", 2, "manifests", descriptors)));
    }

    Map<String, Object> tagged(String tag, Map<String, Object> descriptor) {
        Map<String, Object> tagged = new LinkedHashMap<>(descriptor);
        tagged.put("annotations", Map.of(OciLayout.REF_NAME, tag));
        return tagged;
    }

    /** Writes the top index. */
    void index(List<Map<String, Object>> descriptors) throws IOException {
        Files.write(
                layout.resolve("index.json"), JSON.std.asBytes(Map.of("schemaVersion", 2, "manifests", descriptors)));
    }

    Map<String, Object> blob(String mediaType, byte[] data) throws IOException {
        Digest digest = Digest.sha256(data);
        Files.write(layout.resolve("blobs/sha256/" + digest.hex()), data);
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", digest.toString());
        descriptor.put("size", data.length);
        return descriptor;
    }

    private static byte[] packed(Packing packing, byte[] data) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        switch (packing) {
            case PLAIN -> packed.writeBytes(data);
            case ZSTD -> packed.writeBytes(Zstd.compress(data));
            case GZIP -> { // two members, as tools for lazy pulling write them
                try (GZIPOutputStream first = new GZIPOutputStream(packed)) {
                    first.write(data, 0, data.length / 2);
                }
                try (GZIPOutputStream second = new GZIPOutputStream(packed)) {
                    second.write(data, data.length / 2, data.length - data.length / 2);
                }
            }
        }
        return packed.toByteArray();
    }
}
