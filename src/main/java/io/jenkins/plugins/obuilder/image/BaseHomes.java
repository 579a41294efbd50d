package io.jenkins.plugins.obuilder.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The templates of homes in a directory such as {@code /Users}, which are base images by their names. They are root's and nobody else can
 * look into them.
 *
 * @param directory which nobody but root may write to
 */
public record BaseHomes(Path directory) {
    private static final String LOCAL = "local";
    private static final int OTHERS = 0077;

    /** What names of bases begin with that are not finished; no base's own name can. */
    private static final String DRAFT = ".obuilder-new-";

    /** What a base is made of, besides its profile. */
    public record Contents(Optional<Path> archive, Optional<Homebrew> homebrew) {}

    /**
     * Homebrew, to be unpacked where it belongs.
     *
     * @param prefix where that is
     * @param archive a tar archive of it; empty: what its project offers for download
     */
    public record Homebrew(Path prefix, Optional<Path> archive) {
        /** [Homebrew's documentation, "Untar anywhere"] */
        static final String DOWNLOAD = "https://github.com/Homebrew/brew/tarball/HEAD";
    }

    /** The home of a base. @throws ImageException when no base can be called so */
    public Path home(String name) throws ImageException {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*")) {
            throw new ImageException(
                    "no base can be called " + name + ": letters, digits, dots, dashes and underscores");
        }
        return directory.resolve(name);
    }

    /** Their names, sorted. */
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, Files::isDirectory)) {
            for (Path entry : entries) {
                if (Files.isRegularFile(entry.resolve(HomeSource.PROFILE))) {
                    names.add(entry.getFileName().toString());
                }
            }
        }
        names.sort(null);
        return names;
    }

    /** What identifies a base, as in ids of snapshots. */
    public String identity(String name, DigestMemory memory) throws IOException {
        return new HomeSource(memory).open(home(name).toString()).identity();
    }

    public boolean hasHomebrew(String name) throws IOException {
        return Files.isExecutable(home(name).resolve(LOCAL).resolve("bin/brew"));
    }

    /** What is wrong with a base, a sentence each; empty when nothing is. */
    public List<String> problems(String name) throws IOException {
        Path home = home(name);
        List<String> problems = new ArrayList<>();
        if (!Files.isDirectory(home)) {
            return List.of("there is no " + home);
        }
        try (Dir dir = Dir.open(home)) {
            FileStat stat = dir.stat();
            if (stat.uid() != 0 || (stat.mode() & OTHERS) != 0) {
                problems.add("others than root can get at " + home + ": chown root " + home + " && chmod 700 " + home);
            }
            Optional<FileStat> profile = dir.stat(HomeSource.PROFILE);
            if (profile.isEmpty() || !profile.get().isFile()) {
                problems.add("it has no " + HomeSource.PROFILE + ", which may be empty");
            }
            Optional<FileStat> local = dir.stat(LOCAL);
            if (local.isPresent() && !local.get().isDirectory()) {
                problems.add(LOCAL + " is " + local.get().kind().description() + ": nothing of it comes to the prefix");
            }
        }
        return problems;
    }

    /** Removes a base with all in it. */
    public void delete(String name) throws IOException {
        Path home = home(name);
        if (!Files.isRegularFile(home.resolve(HomeSource.PROFILE))) {
            throw new ImageException("there is no base " + name + ": " + home + " has no " + HomeSource.PROFILE);
        }
        remove(home);
    }

    /**
     * Makes a base, all or nothing. Nobody else may be making one.
     *
     * @param sandbox in which an installer runs
     * @param progress what the installer prints
     */
    public void init(String name, Contents contents, Sandbox sandbox, OutputStream progress, Cancellation cancellation)
            throws IOException {
        Path home = home(name);
        if (Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
            throw new ImageException(home + " is there already; delete it first, or choose another name");
        }
        removeDrafts();
        Path draft = directory.resolve(DRAFT + name);
        boolean done = false;
        try {
            try (Dir parent = Dir.open(directory)) {
                parent.makeDir(Bytes.ofText(draft.getFileName().toString()), 0700)
                        .close();
            }
            if (contents.archive().isPresent()) {
                unpack(contents.archive().get(), draft, cancellation);
            }
            if (!Files.exists(draft.resolve(HomeSource.PROFILE), LinkOption.NOFOLLOW_LINKS)) {
                write(draft, HomeSource.PROFILE, profile(contents.homebrew()), 0644);
            }
            if (contents.homebrew().isPresent()) {
                install(contents.homebrew().get(), draft, sandbox, progress, cancellation);
            }
            seal(draft);
            try (Dir parent = Dir.open(directory)) {
                parent.rename(Bytes.ofText(draft.getFileName().toString()), parent, Bytes.ofText(name));
            }
            done = true;
        } finally {
            if (!done) {
                remove(draft);
            }
        }
    }

    /** What crashes have left. */
    private void removeDrafts() throws IOException {
        try (Dir parent = Dir.open(directory)) {
            for (Dir.Entry entry : parent.list()) {
                if (entry.name().startsWith(DRAFT)) {
                    parent.removeTree(entry.name());
                }
            }
        }
    }

    private static void unpack(Path archive, Path into, Cancellation cancellation) throws IOException {
        ImageSources.of(List.of("archive=tar:" + archive.toAbsolutePath()), DigestMemory.none(), UnpackLimits.DEFAULT)
                .open("archive")
                .unpack(into, new Progress(line -> {}, cancellation));
    }

    private static String profile(Optional<Homebrew> homebrew) {
        String head = "# Read before each command of a build.\n";
        return homebrew.isEmpty()
                ? head
                : head + "export PATH=\"" + homebrew.get().prefix() + "/bin:"
                        + homebrew.get().prefix()
                        + "/sbin:$PATH\"\n"
                        + "export HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_ANALYTICS=1 HOMEBREW_NO_ENV_HINTS=1\n";
    }

    private static void write(Path directory, String name, String text, int mode) throws IOException {
        try (Dir dir = Dir.open(directory);
                OpenFile file = dir.createFile(name, mode)) {
            byte[] bytes = text.getBytes(UTF_8);
            file.write(bytes, 0, bytes.length);
        }
    }

    /** Unpacks it as the account that builds run as, at the very path where builds will find it. */
    private static void install(
            Homebrew homebrew, Path draft, Sandbox sandbox, OutputStream progress, Cancellation cancellation)
            throws IOException {
        try (Dir dir = Dir.open(draft)) {
            if (dir.stat(LOCAL).isEmpty()) {
                dir.makeDir(LOCAL, 0755).close();
            }
        }
        String source = "curl --fail --silent --show-error --location " + Homebrew.DOWNLOAD;
        if (homebrew.archive().isPresent()) {
            Files.copy(homebrew.archive().get(), draft.resolve(".homebrew-archive"));
            source = "cat ~/.homebrew-archive";
        }
        sandbox.adopt(draft);
        String command = "set -e -o pipefail\n" + source + " | tar -x -z -f - --strip-components 1 -C "
                + homebrew.prefix() + "\nrm -f ~/.homebrew-archive\n" + homebrew.prefix() + "/bin/brew --version\n";
        int status = sandbox.run(
                new Sandbox.Command(
                        List.of("/bin/bash", "-c", Bytes.ofText(command)),
                        "/",
                        List.of(),
                        new Op.User.Ids(0, 0),
                        true,
                        List.of(),
                        List.of()),
                draft,
                progress,
                cancellation);
        if (status != 0) {
            throw new ImageException(
                    "Homebrew could not be installed: exit status " + status + " (above is what was said)");
        }
    }

    /** Whatever account has worked in it: the template is root's. */
    private static void seal(Path tree) throws IOException {
        try (Dir root = Dir.open(tree)) {
            TreeWalk.walk(root, (parent, name, path, stat, elsewhere) -> {
                if (path.isEmpty()) {
                    parent.chown(0, 0);
                } else {
                    parent.chown(name, 0, 0);
                    if (!stat.isSymlink()) {
                        // A change of owner takes set-uid bits away.
                        parent.chmod(name, stat.mode());
                    }
                }
            });
            root.chmod(0700);
        }
    }

    private static void remove(Path tree) throws IOException {
        try (Dir parent = Dir.open(tree.getParent())) {
            parent.removeTree(Bytes.ofText(tree.getFileName().toString()));
        }
    }
}
