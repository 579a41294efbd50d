package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.SelfTest.expect;
import static io.jenkins.plugins.obuilder.host.SelfTest.expectRefusal;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Opening, making, listing, renaming and removing. */
final class SelfTestOfFiles {
    private static final int MANY = 3000;

    private SelfTestOfFiles() {}

    static Map<String, SelfTest.Check> checks() {
        Map<String, SelfTest.Check> checks = new LinkedHashMap<>();
        checks.put("open directories", SelfTestOfFiles::directories);
        checks.put("make files", SelfTestOfFiles::files);
        checks.put("read and write", SelfTestOfFiles::contents);
        checks.put("list directories", SelfTestOfFiles::listing);
        checks.put("links", SelfTestOfFiles::links);
        checks.put("named pipes", SelfTestOfFiles::pipes);
        checks.put("rename and remove", SelfTestOfFiles::names);
        checks.put("deep trees", SelfTestOfFiles::deep);
        checks.put("holes", SelfTestOfFiles::holes);
        checks.put("locks", SelfTestOfFiles::locks);
        checks.put("write to disk", SelfTestOfFiles::sync);
        return checks;
    }

    static void write(Path file, String text) throws IOException {
        Files.write(file, text.getBytes(UTF_8));
    }

    private static void directories(Path place) throws IOException {
        Files.createDirectory(place.resolve("real"));
        write(place.resolve("real/inside"), "x");
        Files.createSymbolicLink(place.resolve("link"), Path.of("real"));
        try (Dir dir = Dir.open(place)) {
            try (Dir real = dir.openDir("real");
                    Dir again = real.reopen()) {
                expect("inside a directory", true, again.stat("inside").isPresent());
            }
            expect("nothing of that name", false, dir.stat("nowhere").isPresent());
            expectRefusal("opening a link as a directory", () -> dir.openDir("link"));
            expect(
                    "a missing directory is missing",
                    true,
                    expectRefusal("opening what is not there", () -> dir.openDir("nowhere"))
                            .isMissing());
        }
        try (Dir dir = Dir.open(place.resolve("link"))) {
            expect("a path that ends in a link", true, dir.stat("inside").isPresent());
        }
    }

    private static void files(Path place) throws IOException {
        try (Dir dir = Dir.open(place)) {
            // The permissions that the call itself was given: on Apple silicon they are passed unlike other arguments.
            dir.openOrCreateFile("made").close();
            expect("permissions of a file that was made", "600", mode(place.resolve("made")));
            dir.openOrCreateFile("made").close();
            dir.createFile("new", 0640).close();
            expect("permissions that were set", "640", mode(place.resolve("new")));
            expect(
                    "making it again: it exists",
                    true,
                    expectRefusal("making it again", () -> dir.createFile("new", 0640))
                            .exists());
            expect(
                    "making it unless it is there",
                    false,
                    dir.createFileUnlessThere("new", 0640).isPresent());
            dir.makeDir("directory", 0750).close();
            expect("permissions of a directory", "750", mode(place.resolve("directory")));
            Files.createSymbolicLink(place.resolve("link"), Path.of("new"));
            expectRefusal("opening a link as a file", () -> dir.openFile("link"));
            expectRefusal("opening a link to write", () -> dir.openFileToWrite("link"));
        }
    }

    static String mode(Path file) throws IOException {
        int mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return Integer.toOctalString(mode & 07777);
    }

    private static void contents(Path place) throws IOException {
        byte[] bytes = new byte[OpenFile.BLOCK + 17];
        Arrays.fill(bytes, (byte) 'x');
        try (Dir dir = Dir.open(place)) {
            try (OpenFile file = dir.createFile("file", 0600)) {
                file.write(bytes, 0, bytes.length);
            }
            expect("what was written", true, Arrays.equals(bytes, Files.readAllBytes(place.resolve("file"))));
            try (OpenFile file = dir.openFile("file");
                    OpenFile copy = dir.createFile("copy", 0600)) {
                copy.copyFrom(file, bytes.length);
                file.seek(bytes.length - 1);
                expect("the last byte", (int) 'x', file.input().read());
                expect("the end", -1, file.input().read());
            }
            expect("a copy", true, Arrays.equals(bytes, Files.readAllBytes(place.resolve("copy"))));
            try (OpenFile file = dir.openFileToWrite("file")) {
                file.setSize(5);
            }
            expect("a size that was set", 5L, Files.size(place.resolve("file")));
        }
    }

    private static void listing(Path place) throws IOException {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < MANY; i++) {
            String name = i + " a name so long that the system needs several blocks for all of them";
            Files.createFile(place.resolve(name));
            made.add(name);
        }
        String foreign = "\u65e5\u672c\u8a9e";
        Files.createDirectory(place.resolve(foreign));
        made.add(Bytes.ofText(foreign));
        try (Dir dir = Dir.open(place)) {
            for (int round = 0; round < 2; round++) {
                Set<String> found = new HashSet<>();
                for (Dir.Entry entry : dir.list()) {
                    found.add(entry.name());
                    boolean file = !entry.name().equals(Bytes.ofText(foreign));
                    if (entry.kind() != null) {
                        expect("the kind of a name", file ? FileKind.FILE : FileKind.DIRECTORY, entry.kind());
                    }
                }
                expect("how many names", made.size(), found.size());
                expect("all names", made, found);
            }
        }
    }

    private static void links(Path place) throws IOException {
        write(place.resolve("file"), "x");
        try (Dir dir = Dir.open(place)) {
            dir.symlink("symbolic", "a target/that is not there");
            expect(
                    "a link's target, as Java reads it",
                    "a target/that is not there",
                    Files.readSymbolicLink(place.resolve("symbolic")).toString());
            expect("a link's target", "a target/that is not there", dir.readLink("symbolic"));
            dir.link("hard", dir, "file");
            dir.link("hard-link-of-link", dir, "symbolic");
            expect(
                    "a link stays one",
                    true,
                    dir.stat("hard-link-of-link").orElseThrow().isSymlink());
            expect("names of a file", 2, dir.stat("file").orElseThrow().links());
        }
    }

    private static void pipes(Path place) throws IOException {
        try (Dir dir = Dir.open(place)) {
            dir.makeNode("pipe", FileKind.FIFO, 0644, 0, 0);
            expect("its kind", FileKind.FIFO, dir.stat("pipe").orElseThrow().kind());
            expect("its permissions", "644", mode(place.resolve("pipe")));
            try {
                dir.openFile("pipe").close();
                throw new SelfTest.Difference("opening a pipe as a file: expected to be refused");
            } catch (SelfTest.Difference e) {
                throw e;
            } catch (HostException e) {
                expect("why it is refused", true, e.getMessage().contains("not a regular file"));
            }
        }
    }

    private static void names(Path place) throws IOException {
        write(place.resolve("file"), "x");
        Files.createDirectories(place.resolve("full/of/things"));
        try (Dir dir = Dir.open(place);
                Dir full = dir.openDir("full")) {
            dir.rename("file", full, "moved");
            expect("after renaming", "x", Files.readString(place.resolve("full/moved")));
            expectRefusal("removing a directory that is not empty", () -> {
                dir.removeDir("full");
                return null;
            });
            expectRefusal("removing a directory as a file", () -> {
                dir.unlink("full");
                return null;
            });
            full.unlink("moved");
            dir.removeTree("full");
            expect("after removing", false, Files.exists(place.resolve("full")));
        }
    }

    /** Deeper than a path may be long. */
    private static void deep(Path place) throws IOException {
        try (Dir dir = Dir.open(place)) {
            Dir at = dir.makeDir("tree", 0755);
            for (int i = 0; i < 500; i++) {
                Dir next = at.makeDir("a directory", 0755);
                at.close();
                at = next;
            }
            at.close();
            dir.removeTree("tree");
            expect("after removing", 0, dir.list().size());
        }
    }

    private static void holes(Path place) throws IOException {
        long hole = 16L << 20;
        try (Dir dir = Dir.open(place);
                OpenFile file = dir.createFile("sparse", 0600)) {
            file.skip(hole);
            file.write(new byte[] {1}, 0, 1);
            file.skip(hole);
            expect("its size", 2 * hole + 1, Files.size(place.resolve("sparse")));
            long[] data = file.nextData(0);
            expect("the byte lies in the first piece of data", true, data[0] <= hole && hole < data[1]);
            expect("behind the end", null, file.nextData(2 * hole + 1));
        }
    }

    private static void locks(Path place) throws IOException {
        try (Dir dir = Dir.open(place);
                OpenFile one = dir.openOrCreateFile("lock");
                OpenFile other = dir.openOrCreateFile("lock")) {
            expect("taking it", true, one.tryLock());
            expect("taking it twice", false, other.tryLock());
            expect("sharing it", false, other.tryLockShared());
        }
        try (Dir dir = Dir.open(place);
                OpenFile other = dir.openOrCreateFile("lock")) {
            expect("sharing it when it was given back", true, other.tryLockShared());
        }
        try (HostLock lock = HostLock.tryLock(place.resolve("host.lock")).orElseThrow()) {
            expect(
                    "taking a lock of this process again, beside " + lock,
                    false,
                    HostLock.tryLock(place.resolve("host.lock")).isPresent());
        }
    }

    private static void sync(Path place) throws IOException {
        try (Dir dir = Dir.open(place);
                OpenFile file = dir.createFile("file", 0600)) {
            file.sync();
            dir.syncFileSystem();
        }
    }
}
