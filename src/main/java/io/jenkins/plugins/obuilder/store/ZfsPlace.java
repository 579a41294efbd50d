package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the dataset that a user named as a store ({@code tank}, {@code /tank}, {@code /Volumes/tank}, {@code tank/ci}) and prepares it. */
final class ZfsPlace {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_.: -]*(/[A-Za-z0-9_.: -]+)*");
    private static final Pattern VERSION = Pattern.compile("zfs-([0-9]+)\\.([0-9]+)");

    /** What older versions lack is not tried: rename of what is unmounted, to begin with, behaves differently on macOS. */
    private static final int OLDEST_ON_MACOS = 2;

    private static final int TRIES = 3;

    private final ZfsCommands zfs;
    private final String named;

    /** @param named what stands after {@code zfs:} */
    ZfsPlace(ZfsCommands zfs, String named) {
        this.zfs = zfs;
        this.named = named;
    }

    /** Why no store can be on zfs here; empty when OpenZFS answers. */
    static Optional<String> whyUnsupported(ZfsCommands zfs) throws IOException {
        if (zfs.program().isEmpty()) {
            return Optional.of("zfs is not installed: "
                    + (OperatingSystem.isMac()
                            ? "OpenZFS 2.0 or newer from openzfsonosx.org (looked in /usr/local/zfs/bin, too)"
                            : "apt-get install zfsutils-linux, or the like"));
        }
        CommandResult answer = zfs.version();
        if (ZfsQueries.says(answer, "unrecognized command")) {
            return Optional.of(
                    "OpenZFS 2.0 or newer is needed, and this one is so old that it does not tell its version: get "
                            + (OperatingSystem.isMac() ? "one from openzfsonosx.org" : "a newer package"));
        }
        if (!answer.succeeded()) {
            return Optional.of("OpenZFS does not answer: " + answer.complaint()
                    + (OperatingSystem.isMac()
                            ? "\nIs its kernel extension allowed, in System Settings, Privacy & Security?"
                            : "\nIs its kernel module there? modprobe zfs"));
        }
        Matcher version = VERSION.matcher(answer.text());
        if (!version.find()) {
            return Optional.of("cannot tell which OpenZFS this is: \"" + answer.text() + "\"");
        }
        if (OperatingSystem.isMac() && Integer.parseInt(version.group(1)) < OLDEST_ON_MACOS) {
            return Optional.of("OpenZFS 2.0 or newer is needed, and this is " + version.group(1) + "."
                    + version.group(2) + ": get one from openzfsonosx.org");
        }
        return Optional.empty();
    }

    /** Whether a store was ever made there. */
    boolean exists() throws IOException {
        if (whyUnsupported(zfs).isPresent()) {
            return false;
        }
        Optional<Found> found = find();
        return found.isPresent()
                && zfs.list(found.get().dataset() + "/" + ZfsDatasets.STATE, "filesystem", 0, "name")
                        .isPresent();
    }

    private record Found(String dataset, String mountPoint, boolean mounted) {
        static Optional<Found> of(Optional<List<List<String>>> rows) {
            return rows.map(list -> list.get(0))
                    .map(row -> new Found(
                            row.get(0), Bytes.toText(row.get(1)), row.get(2).equals("yes")));
        }
    }

    /**
     * The dataset, made when only its parent is there, and mounted.
     *
     * @throws StoreException when it cannot be
     */
    ZfsDatasets open() throws IOException {
        Optional<String> why = whyUnsupported(zfs);
        if (why.isPresent()) {
            throw failed(why.get());
        }
        Optional<Found> found = find();
        if (found.isEmpty()) {
            found = make();
        }
        Found there = found.get();
        if (!there.mountPoint().startsWith("/")) {
            throw failed("the mount point of " + there.dataset() + " is \"" + there.mountPoint()
                    + "\"; give it one: zfs set mountpoint=/" + there.dataset() + " " + there.dataset());
        }
        if (!there.mounted()) {
            zfs.mount(there.dataset());
        }
        return new ZfsDatasets(there.dataset(), Path.of(there.mountPoint()));
    }

    private Optional<Found> find() throws IOException {
        if (!NAME.matcher(candidate()).matches()) {
            throw failed("\"" + named + "\" is no name of a pool or dataset, nor a directory where one is mounted");
        }
        Optional<Found> found = look(candidate());
        if (named.startsWith("/")
                && (found.isEmpty()
                        || !found.get().mountPoint().equals(Path.of(named).toString()))) {
            Optional<Found> mounted = look(named);
            boolean exactly = mounted.isPresent()
                    && mounted.get().mountPoint().equals(Path.of(named).toString());
            if (!exactly && found.isPresent()) {
                throw failed("the dataset " + found.get().dataset() + " is to be mounted at "
                        + found.get().mountPoint() + ", not at " + named + ": name it zfs:"
                        + found.get().dataset());
            }
            return exactly ? mounted : Optional.empty();
        }
        return found;
    }

    private Optional<Found> look(String what) throws IOException {
        return Found.of(zfs.list(what, "filesystem", 0, "name", "mountpoint", "mounted"));
    }

    private String candidate() {
        return named.startsWith("/") ? named.replaceFirst("^/(Volumes/)?", "").replaceFirst("/+$", "") : named;
    }

    private Optional<Found> make() throws IOException {
        String candidate = candidate();
        int slash = candidate.lastIndexOf('/');
        Optional<Found> parent = slash < 0 ? Optional.empty() : look(candidate.substring(0, slash));
        if (parent.isEmpty()) {
            throw failed("there is no pool or dataset " + (slash < 0 ? candidate : candidate.substring(0, slash))
                    + " (zpool list shows those that are imported, zpool import those that could be)");
        }
        Path directory = Path.of(parent.get().mountPoint(), candidate.substring(slash + 1));
        if (Files.isDirectory(directory) && !isEmpty(directory)) {
            throw failed(directory + " is neither a store nor empty, and would be hidden; name another dataset");
        }
        zfs.create(candidate, List.of());
        Found made = look(candidate).orElseThrow(() -> failed("the dataset " + candidate + " vanished"));
        try (Dir top = Dir.open(Path.of(made.mountPoint()))) {
            // What builds leave in snapshots, set-uid programs among it, is nobody else's to run.
            top.chmod(0700);
        }
        return Optional.of(made);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Dir dir = Dir.open(directory)) {
            return dir.list().isEmpty();
        }
    }

    /**
     * Makes the datasets that others lie in, as far as they are missing, and mounts them. Several processes may do so at once.
     *
     * @param names in the order in which to make them
     */
    void prepare(ZfsDatasets datasets, List<String> names) throws IOException {
        IOException last = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                Map<String, List<String>> rows = new HashMap<>();
                for (List<String> row : zfs.list(datasets.dataset(), "filesystem", 1, "name", "mounted", "mountpoint")
                        .orElse(List.of())) {
                    rows.put(row.get(0), row);
                }
                for (String name : names) {
                    prepare(datasets, name, Optional.ofNullable(rows.get(datasets.group(name))));
                }
                return;
            } catch (StoreException e) {
                throw e;
            } catch (IOException e) {
                last = e; // somebody else was a little faster: the next look will tell
            }
        }
        throw last;
    }

    private void prepare(ZfsDatasets datasets, String name, Optional<List<String>> row) throws IOException {
        String group = datasets.group(name);
        Path path = datasets.path(group);
        if (row.isEmpty()) {
            if (zfs.create(group, options(name)) && !name.equals(ZfsDatasets.STATE)) {
                try (Dir directory = Dir.open(path)) {
                    directory.chmod(0700);
                }
            }
            return;
        }
        if (!row.get().get(2).equals(Bytes.ofText(path.toString()))) {
            throw failed("its dataset " + group + " is to be mounted at "
                    + Bytes.toText(row.get().get(2)) + ", not at " + path + ": zfs inherit mountpoint " + group);
        }
        if (!row.get().get(1).equals("yes")) {
            zfs.mount(group);
        }
    }

    /** By default zfs on Linux refuses ACLs, which images may have. */
    private static List<String> options(String name) {
        List<String> options = new ArrayList<>();
        if (!OperatingSystem.isMac() && !name.equals(ZfsDatasets.STATE)) {
            options.add("acltype=posixacl");
            options.add("xattr=sa");
        }
        return options;
    }

    private StoreException failed(String why) {
        return new StoreException("cannot open the store zfs:" + named + ": " + why);
    }
}
