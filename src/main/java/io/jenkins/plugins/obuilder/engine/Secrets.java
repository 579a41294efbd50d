package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import io.jenkins.plugins.obuilder.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The values of a build's secrets, all of them there. */
final class Secrets {
    private final Map<String, byte[]> values;

    private Secrets(Map<String, byte[]> values) {
        this.values = values;
    }

    /**
     * Looks for the value of every secret that the spec or a nested build asks for.
     *
     * @throws MissingSecretException when one has none; the message names all of them
     */
    static Secrets resolve(BuildRequest request) throws MissingSecretException {
        List<String> missing = new ArrayList<>();
        collectMissing(request, request.spec(), missing);
        if (!missing.isEmpty()) {
            throw new MissingSecretException("no value for " + String.join(", ", missing) + "; nothing was run");
        }
        return new Secrets(request.secrets());
    }

    private static void collectMissing(BuildRequest request, Spec spec, List<String> missing) {
        spec.builds().forEach(nested -> collectMissing(request, nested.spec(), missing));
        for (Op op : spec.ops()) {
            if (op instanceof Op.Run run) {
                for (Op.SecretMount mount : run.secrets()) {
                    if (!request.secrets().containsKey(mount.id())) {
                        missing.add("the secret \"" + Bytes.toText(mount.id()) + "\"" + request.at(mount));
                    }
                }
            }
        }
    }

    List<Sandbox.Secret> of(Op.Run run) {
        return run.secrets().stream()
                .map(mount -> new Sandbox.Secret(mount.id(), values.get(mount.id()), mount.target()))
                .toList();
    }

    static List<SnapshotIds.MountedSecret> mounted(List<Sandbox.Secret> secrets) {
        return secrets.stream()
                .map(secret -> new SnapshotIds.MountedSecret(Bytes.of(secret.value()), secret.target()))
                .toList();
    }
}
