package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.util.ArrayList;
import java.util.List;

/**
 * What an image says about itself.
 *
 * @param digest of the configuration's bytes: docker's image id. It covers the digests of all layers, and so all contents.
 * @param platform what it is for; parts may be empty
 * @param env byte strings, in order
 * @param diffIds digests of the layers' uncompressed archives, the lowest first
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/config.md">OCI image specification, configuration</a>
 */
record ImageConfiguration(Digest digest, Platform platform, List<EnvVar> env, List<Digest> diffIds) {

    /** @param file for messages */
    static ImageConfiguration parse(String file, byte[] json) throws ImageException {
        JsonDocument document = JsonDocument.parse(file, json);
        List<Digest> diffIds = new ArrayList<>();
        var rootfs = document.object("rootfs");
        if (rootfs.isEmpty()) {
            throw new ImageException(file + " has no rootfs: it is no image's configuration");
        }
        for (String diffId : rootfs.get().texts("diff_ids")) {
            diffIds.add(Digest.parse(diffId));
        }
        var config = document.object("config");
        List<EnvVar> env = config.isPresent() ? env(file, config.get()) : List.of();
        return new ImageConfiguration(
                Digest.sha256(json), Platform.of(document), List.copyOf(env), List.copyOf(diffIds));
    }

    /**
     * The variables of a container's configuration, in their order.
     *
     * @param file for messages
     */
    static List<EnvVar> env(String file, JsonDocument config) throws ImageException {
        List<EnvVar> env = new ArrayList<>();
        for (String variable : config.texts("Env")) {
            env.add(variable(file, variable));
        }
        return env;
    }

    private static EnvVar variable(String file, String text) throws ImageException {
        int equals = text.indexOf('=');
        if (equals < 1 || text.indexOf(0) >= 0) {
            throw new ImageException(file + ": its Env has " + ImageException.quote(Bytes.ofText(text))
                    + ", which is not NAME=VALUE; build the image again");
        }
        return new EnvVar(Bytes.ofText(text.substring(0, equals)), Bytes.ofText(text.substring(equals + 1)));
    }
}
