package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs a command on a root file system. Whatever happens, when {@link #run} returns or throws, no process of the command lives, nothing
 * is mounted and no secret is on disk. Thread-safe.
 */
public interface Sandbox extends Closeable {
    /** {@code runc} or {@code user}: part of a base's identity. */
    String kind();

    /** The same with what else is to be known of it on this machine, for people. */
    default String description() throws IOException {
        return kind();
    }

    /** What else a result depends on, besides image and steps, such as the home's path: part of a base's identity by content. */
    default List<SnapshotIds.Fact> facts() {
        return List.of();
    }

    /** Whether root file system and caches are elsewhere while a command runs. */
    default boolean movesTrees() {
        return false;
    }

    /** Why it cannot work here, found by running something harmless; empty when it works. */
    Optional<String> whyUnsupported();

    /**
     * Ends what processes that crashed left running, and removes what they left of this kind of sandbox: never what a live process uses.
     *
     * @return what was removed, for people
     */
    List<String> sweep() throws IOException;

    /**
     * Makes a freshly unpacked base image fit for this sandbox, before it is committed. The container sandbox leaves it as it is; the
     * user sandbox gives the whole tree to its account and sees to it that there is a {@code .obuilder_profile.sh}. Never follows a
     * link, never leaves the tree.
     */
    void adopt(Path rootfs) throws IOException;

    /**
     * Runs the command with its output (both streams) to {@code log}.
     *
     * @return the exit status; 128 + n when signal n killed it
     * @throws IOException when the sandbox itself failed; the message is for the user
     * @throws CancelledException when it was cancelled first
     * @throws LimitReachedException when it failed, and a limit is why
     */
    int run(Command command, Path rootfs, OutputStream log, Cancellation cancellation) throws IOException;

    /**
     * Where in the root file system a {@code copy} to this absolute path goes, and as whom.
     *
     * @throws IOException when this sandbox has no such place (the user sandbox: outside the home); the message says what is allowed
     */
    CopyTarget copyTarget(String absolutePath, Op.User.Ids user) throws IOException;

    /**
     * One command. All texts are byte strings.
     *
     * @param argv the shell and its last argument, the command
     * @param hostNetwork the host's network rather than none
     * @param disk empty when there is no limit
     */
    record Command(
            List<String> argv,
            String workdir,
            List<EnvVar> env,
            Op.User.Ids user,
            boolean hostNetwork,
            List<CacheDirectory> caches,
            List<Secret> secrets,
            Optional<DiskLimit> disk) {
        /** Without a limit of the disk. */
        public Command(
                List<String> argv,
                String workdir,
                List<EnvVar> env,
                Op.User.Ids user,
                boolean hostNetwork,
                List<CacheDirectory> caches,
                List<Secret> secrets) {
            this(argv, workdir, env, user, hostNetwork, caches, secrets, Optional.empty());
        }

        public Command {
            argv = List.copyOf(argv);
            env = List.copyOf(env);
            caches = List.copyOf(caches);
            secrets = List.copyOf(secrets);
        }

        /** The same with a limit of the disk. */
        public Command within(DiskLimit limit) {
            return new Command(argv, workdir, env, user, hostNetwork, caches, secrets, Optional.of(limit));
        }
    }

    /**
     * How much of the disk the command may fill.
     *
     * @param bytes in all, and so of one file
     * @param alsoCounts to be told, before the command starts, which directories besides the root file system and the caches it can fill
     */
    record DiskLimit(long bytes, Consumer<Path> alsoCounts) {}

    /** A cache's directory on the host and where the command sees it. */
    record CacheDirectory(Path directory, String target) {}

    /** A secret's value and where the command sees it. */
    record Secret(String id, byte[] value, String target) {
        @Override
        public String toString() {
            return "secret " + id + " at " + target;
        }
    }

    /**
     * Where copied files go.
     *
     * @param path below the root file system, without a leading slash (a byte string)
     * @param uid owner of what is written
     */
    record CopyTarget(String path, int uid, int gid) {}

    /** The command failed, and has used all of something that it may use. */
    final class LimitReachedException extends IOException {
        private static final long serialVersionUID = 1L;

        public LimitReachedException(int status, String limit) {
            super("exit status " + status + ", after it had used all that a step may have of " + limit);
        }
    }

    /** The command was cancelled. */
    final class CancelledException extends IOException {
        private static final long serialVersionUID = 1L;

        public CancelledException(String reason) {
            super(reason);
        }
    }
}
