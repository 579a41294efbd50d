package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds commands for the tests of sandboxes. */
final class Steps {
    private List<String> argv;
    private String workdir = "/";
    private final List<EnvVar> env = new ArrayList<>();
    private Op.User.Ids user = new Op.User.Ids(0, 0);
    private boolean hostNetwork;
    private final List<Sandbox.CacheDirectory> caches = new ArrayList<>();
    private final List<Sandbox.Secret> secrets = new ArrayList<>();

    private Steps(List<String> argv) {
        this.argv = argv;
    }

    static Steps sh(String script) {
        return new Steps(List.of("/bin/sh", "-c", script));
    }

    static Steps argv(String... argv) {
        return new Steps(List.of(argv));
    }

    Steps in(String directory) {
        workdir = directory;
        return this;
    }

    Steps env(String name, String value) {
        env.add(new EnvVar(name, value));
        return this;
    }

    Steps as(int uid, int gid) {
        user = new Op.User.Ids(uid, gid);
        return this;
    }

    Steps onHostNetwork() {
        hostNetwork = true;
        return this;
    }

    Steps cache(Path directory, String target) {
        caches.add(new Sandbox.CacheDirectory(directory, target));
        return this;
    }

    Steps secret(String value, String target) {
        secrets.add(new Sandbox.Secret("id-of-" + target, Bytes.toBytes(value), target));
        return this;
    }

    Sandbox.Command build() {
        return new Sandbox.Command(argv, workdir, env, user, hostNetwork, caches, secrets);
    }
}
