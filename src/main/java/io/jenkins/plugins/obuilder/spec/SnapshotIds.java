package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * The ids of snapshots: the SHA-256 of an S-expression that says all that went into one, in sexplib's machine form. All texts are byte
 * strings.
 *
 * <p>By <em>name</em>, a base image is known by what the spec calls it, and every id is the reference's. By <em>content</em>, the id of
 * the base folds in what really determines the result, and {@link #copy} the executable bits; all other ids follow from these.
 */
public final class SnapshotIds {
    private SnapshotIds() {}

    /** A base image by its name alone. */
    public static SnapshotId baseByName(String name) {
        IdDigest digest = new IdDigest();
        digest.write(name);
        return digest.finish();
    }

    /**
     * A base image by what it is. Its name is no part of it: two names of one image share their snapshots.
     *
     * @param imageIdentity the image's digest, or the fingerprint of a template
     * @param sandboxKind {@code runc} or {@code user}
     * @param facts what else of the host the result depends on, such as versions, architecture, home path; their order counts
     */
    public static SnapshotId baseByContent(String imageIdentity, String sandboxKind, List<Fact> facts) {
        IdDigest digest = new IdDigest();
        // No base can have a NUL byte in its name, so no name has an id that is made here.
        digest.write("\0");
        MachineForm form =
                new MachineForm(digest).open().open().atom("content").atom("1").close();
        form.open().atom("image").atom(imageIdentity).close();
        form.open().atom("sandbox").atom(sandboxKind).close();
        form.open().atom("facts").open();
        facts.forEach(fact -> form.open().atom(fact.key()).atom(fact.value()).close());
        form.close().close().close();
        return digest.finish();
    }

    /** One more thing that a base by content depends on. */
    public record Fact(String key, String value) {}

    /** A secret's value and where the command finds it. */
    public record MountedSecret(String value, String target) {
        @Override
        public String toString() {
            return "secret at " + target;
        }
    }

    /**
     * A {@code run} step. Its caches are no part of it.
     *
     * @param secrets in the order of the spec
     */
    public static SnapshotId run(
            SnapshotId base, BuildContext context, String command, List<String> network, List<MountedSecret> secrets) {
        IdDigest digest = new IdDigest();
        MachineForm form = new MachineForm(digest).open();
        form.open().atom("base").atom(base.hex()).close();
        form.open().atom("workdir").atom(context.workdir()).close();
        user(form, context.user());
        form.open().atom("env").open();
        context.env()
                .forEach(variable ->
                        form.open().atom(variable.name()).atom(variable.value()).close());
        form.close().close();
        form.open().atom("cmd").atom(command).close();
        form.open().atom("shell").open().atoms(context.shell()).close().close();
        form.open().atom("network").open().atoms(network).close().close();
        form.open().atom("mount_secrets").open();
        for (int i = secrets.size() - 1; i >= 0; i--) {
            form.open().open().atom("value").atom(secrets.get(i).value()).close();
            form.open().atom("target").atom(secrets.get(i).target()).close().close();
        }
        form.close().close().close();
        return digest.finish();
    }

    /**
     * A {@code copy} step.
     *
     * @param items the sources, in the order of the spec
     * @param destination as {@link CopyPaths#destination} gives it
     * @param executableBits whether they count, as they do by content
     * @throws IllegalArgumentException when several sources, or none, go to a destination that is no directory
     */
    public static SnapshotId copy(
            SnapshotId base, Op.User user, List<Manifest> items, String destination, boolean executableBits) {
        boolean intoDirectory = CopyPaths.isDirectory(destination);
        if (!intoDirectory && items.size() != 1) {
            throw new IllegalArgumentException(items.size() + " sources for one destination: " + destination);
        }
        IdDigest digest = new IdDigest();
        MachineForm form = new MachineForm(digest).open();
        form.open().atom("base").atom(base.hex()).close();
        user(form, user);
        form.open().atom("op").open();
        if (intoDirectory) {
            form.atom("Copy_items").open().open();
            manifests(form, items, executableBits);
            form.close();
        } else {
            form.atom("Copy_item").open();
            manifests(form, items, executableBits);
        }
        form.atom(destination).close().close().close().close();
        return digest.finish();
    }

    private static void user(MachineForm form, Op.User user) {
        form.open().atom("user").open();
        if (user instanceof Op.User.Ids ids) {
            form.open().atom("uid").atom(Integer.toString(ids.uid())).close();
            form.open().atom("gid").atom(Integer.toString(ids.gid())).close();
        } else if (user instanceof Op.User.Name name) {
            form.open().atom("name").atom(name.name()).close();
        }
        form.close().close();
    }

    /** A tree may be deeper than the stack. */
    private static void manifests(MachineForm form, List<Manifest> items, boolean executableBits) {
        Deque<Iterator<Manifest>> open = new ArrayDeque<>();
        open.push(items.iterator());
        while (true) {
            Iterator<Manifest> level = open.element();
            if (level.hasNext()) {
                Manifest item = level.next();
                form.open();
                if (item instanceof Manifest.Dir dir) {
                    form.atom("Dir").open().atom(dir.path()).open();
                    open.push(dir.children().iterator());
                } else if (item instanceof Manifest.File file) {
                    form.atom(executableBits && file.executable() ? "Executable" : "File");
                    form.open().atom(file.path()).atom(file.sha256()).close().close();
                } else if (item instanceof Manifest.Symlink link) {
                    form.atom("Symlink").open().atom(link.path()).atom(link.target());
                    form.close().close();
                }
            } else {
                open.pop();
                if (open.isEmpty()) {
                    return;
                }
                form.close().close().close();
            }
        }
    }
}
