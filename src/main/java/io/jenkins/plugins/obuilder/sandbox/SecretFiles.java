package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Secrets for an account: each is a file that it alone can read, called like the last part of the secret's target. */
final class SecretFiles {
    private SecretFiles() {}

    /** Writes them into a directory in memory. */
    static void write(List<Sandbox.Secret> secrets, Path directory, int uid) throws IOException {
        Set<String> names = new HashSet<>();
        try (Dir dir = Dir.open(directory)) {
            for (Sandbox.Secret secret : secrets) {
                String name = name(secret);
                if (!names.add(name)) {
                    throw new HostException("two secrets have targets that end in " + Bytes.toText(name)
                            + ": as the user sandbox keeps all secrets in one directory, their last parts must differ");
                }
                try (OpenFile file = dir.createFile(name, 0400)) {
                    file.write(secret.value(), 0, secret.value().length);
                    file.chown(uid, uid);
                }
            }
        }
    }

    private static String name(Sandbox.Secret secret) throws HostException {
        String target = secret.target().replaceFirst("/+$", "");
        String name = target.substring(target.lastIndexOf('/') + 1);
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new HostException("the secret " + Bytes.toText(secret.id()) + " has a target without a file name: "
                    + Bytes.toText(secret.target()));
        }
        return name;
    }
}
