package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.OnlyRoot;
import io.jenkins.plugins.obuilder.host.ProcessDirectory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the root side is installed: a directory that root alone can change, with the engine's jar and its wrapper. */
public final class Installation {
    /** Not below {@code /usr/local}, where the group staff (Debian) or the owner of Homebrew (macOS) may write. */
    public static final String DEFAULT_PREFIX = "/opt/obuilder";

    public static final String WRAPPER = "obuilder-agent";

    private static final String JAR = "obuilder-engine.jar";

    private final Path prefix;

    private Installation(Path prefix) {
        this.prefix = prefix;
    }

    /** @param prefix the directory, which need not exist */
    public static Installation at(Path prefix) {
        return new Installation(prefix.toAbsolutePath().normalize());
    }

    public Path prefix() {
        return prefix;
    }

    /** What sudo runs. */
    public Path wrapper() {
        return prefix.resolve(WRAPPER);
    }

    public Path jar() {
        return prefix.resolve(JAR);
    }

    /** For temporary files of the root side, among them native code that it loads: nobody else may even look. */
    public Path tmp() {
        return prefix.resolve("tmp");
    }

    /** What lets it start faster; root's code as the jar is. */
    public Path start() {
        return prefix.resolve("start");
    }

    /** For its locks. */
    public Path run() {
        return prefix.resolve("run");
    }

    /** The jar that this program is; where it is none, what it is called in messages. */
    public static Path runningJar() {
        try {
            Path code = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(code) ? code : Path.of("obuilder-engine.jar");
        } catch (URISyntaxException e) {
            return Path.of("obuilder-engine.jar");
        }
    }

    /**
     * Makes the directories, or sees that nobody else can change them.
     *
     * @throws HostException when somebody else can
     */
    public void makeDirectories() throws IOException {
        Optional<String> why = OnlyRoot.whyNotEvenIfMissing(prefix);
        if (why.isPresent()) {
            throw new HostException("cannot install in " + prefix + ", which must be writable for root alone: "
                    + why.get() + "; choose another place with --prefix");
        }
        directory(prefix, "rwxr-xr-x");
        directory(tmp(), "rwx------");
        directory(run(), "rwx------");
        directory(start(), "rwx------");
    }

    /** Makes a directory, and those on its way, with these permissions whatever the umask; leaves one that is there. */
    static void directory(Path path, String permissions) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = path; !Files.exists(at); at = at.getParent()) {
            missing.add(0, at);
        }
        for (Path at : missing) {
            Files.createDirectory(at);
            Files.setPosixFilePermissions(
                    at, PosixFilePermissions.fromString(at.equals(path) ? permissions : "rwxr-xr-x"));
        }
    }

    /** Copies the jar into place. Processes that run the one before keep it. */
    public void copyJar(Path from) throws IOException {
        replace(jar(), Files.readAllBytes(from), "rw-r--r--");
    }

    /** Writes a file that appears whole, with these permissions whatever the umask. */
    static void replace(Path file, byte[] contents, String permissions) throws IOException {
        Path draft = draft(file, contents, permissions);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A complete file beside another, under a name that programs which read all of a directory leave out. */
    static Path draft(Path file, byte[] contents, String permissions) throws IOException {
        Path draft = file.resolveSibling(
                "." + file.getFileName() + ".new." + ProcessHandle.current().pid());
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(draft, contents);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString(permissions));
        return draft;
    }

    public void writeWrapper(String script) throws IOException {
        replace(wrapper(), script.getBytes(StandardCharsets.UTF_8), "rwxr-xr-x");
    }

    /** Removes what was installed and nothing else; says what stays. */
    public List<String> remove() throws IOException {
        List<String> stays = new ArrayList<>();
        Files.deleteIfExists(wrapper());
        Files.deleteIfExists(jar());
        ProcessDirectory.deleteTree(tmp());
        ProcessDirectory.deleteTree(run());
        ProcessDirectory.deleteTree(start());
        try {
            Files.deleteIfExists(prefix);
        } catch (DirectoryNotEmptyException e) {
            stays.add(prefix + ", which has files that obuilder did not make");
        }
        return stays;
    }
}
