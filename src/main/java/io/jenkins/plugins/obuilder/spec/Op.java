package io.jenkins.plugins.obuilder.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One step of a spec. All texts are byte strings. */
public sealed interface Op {

    /** A remark that is kept in the printed spec and in the Dockerfile. */
    record Comment(String text) implements Op {}

    /** Sets the working directory, joined to the previous one when relative. */
    record Workdir(String path) implements Op {}

    /** Sets the shell that runs commands, by default {@code /usr/bin/env bash -c}. */
    record Shell(List<String> command) implements Op {
        public Shell {
            command = List.copyOf(command);
        }
    }

    /** Sets an environment variable. */
    record Env(EnvVar variable) implements Op {}

    /** Sets the user that the following steps run as. */
    record SetUser(User user) implements Op {}

    /** Runs a command. */
    record Run(List<CacheMount> caches, List<String> network, List<SecretMount> secrets, String command) implements Op {
        public Run {
            caches = List.copyOf(caches);
            network = List.copyOf(network);
            secrets = List.copyOf(secrets);
        }
    }

    /**
     * Copies files into the snapshot.
     *
     * @param from the nested build to copy from; empty for the build context
     * @param exclude names to leave out at any depth below a source
     */
    record Copy(Optional<String> from, List<String> sources, String destination, List<String> exclude) implements Op {
        public Copy {
            sources = List.copyOf(sources);
            exclude = List.copyOf(exclude);
        }
    }

    /** A user, by number (Unix) or by name (Windows, which only the printer and the Dockerfile know). */
    sealed interface User {
        record Ids(int uid, int gid) implements User {}

        record Name(String name) implements User {}
    }

    /** A directory that outlives builds, mounted at {@code target}. */
    record CacheMount(String id, String target, Map<String, String> buildkitOptions) {
        public CacheMount {
            buildkitOptions = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(buildkitOptions));
        }
    }

    /** A secret file, readable at {@code target} while the command runs. */
    record SecretMount(String id, String target, Map<String, String> buildkitOptions) {
        public SecretMount {
            buildkitOptions = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(buildkitOptions));
        }
    }
}
