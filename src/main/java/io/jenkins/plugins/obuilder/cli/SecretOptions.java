package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.MissingSecretException;
import io.jenkins.plugins.obuilder.host.FileReasons;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that give secrets their values. */
final class SecretOptions {
    /** Keys and tokens are far shorter; a device never ends. */
    private static final int LARGEST = 16 << 20;

    @Option(
            names = "--secret",
            paramLabel = "ID:FILE",
            description = "The value of the secret ID: the contents of FILE. Can be given several times.")
    private List<String> secrets = new ArrayList<>();

    /** The values by id (byte strings). */
    Map<String, byte[]> read() throws UserException {
        Map<String, byte[]> values = new HashMap<>();
        for (String secret : secrets) {
            int colon = secret.indexOf(':');
            if (colon < 1 || colon == secret.length() - 1) {
                throw UserException.usage("--secret " + secret + ": write --secret ID:FILE");
            }
            String id = secret.substring(0, colon);
            String file = secret.substring(colon + 1);
            try {
                if (values.put(Bytes.ofText(id), value(id, Path.of(file))) != null) {
                    throw UserException.usage("the secret \"" + id + "\" is given twice");
                }
            } catch (IOException e) {
                throw UserException.usage(
                        "cannot read the value of the secret \"" + id + "\" from " + file + ": " + FileReasons.of(e),
                        e);
            }
        }
        return values;
    }

    private static byte[] value(String id, Path file) throws UserException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] value = in.readNBytes(LARGEST + 1);
            if (value.length > LARGEST) {
                throw UserException.usage(
                        "the value of the secret \"" + id + "\" is longer than " + (LARGEST >> 20) + " MiB: " + file);
            }
            return value;
        }
    }

    /** A secret has no value: says how to give it one. */
    static UserException missing(MissingSecretException e, boolean requested) {
        return UserException.usage(
                e.getMessage()
                        + (requested
                                ? ": name its credentials in the secrets of the build step"
                                : ": give each with --secret ID:FILE"),
                e);
    }
}
