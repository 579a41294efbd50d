package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BaseImages;
import io.jenkins.plugins.obuilder.image.ImageSources;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that say where base images come from. */
final class ImageOptions {
    @Option(
            names = "--image",
            paramLabel = "NAME=SOURCE",
            description = "Where the base image NAME comes from: dir:DIRECTORY, tar:FILE, docker-archive:FILE or oci:PATH. Can be given"
                    + " several times.")
    private List<String> images = new ArrayList<>();

    BaseImages images() throws UserException {
        Map<String, String> sources = new HashMap<>();
        for (String image : images) {
            int equals = image.indexOf('=');
            if (equals < 1) {
                throw UserException.usage("--image " + image + ": write --image NAME=SOURCE");
            }
            String name = image.substring(0, equals);
            if (sources.put(Bytes.ofText(name), image.substring(equals + 1)) != null) {
                throw UserException.usage("the image \"" + name + "\" is given twice");
            }
        }
        return name -> {
            String source = sources.get(name);
            if (source == null) {
                String text = Bytes.toText(name);
                throw new IOException("nothing says where the base image \"" + text + "\" comes from: add --image " + text
                        + "=tar:FILE (or dir:, docker-archive:, oci:)");
            }
            return ImageSources.open(source);
        };
    }
}
