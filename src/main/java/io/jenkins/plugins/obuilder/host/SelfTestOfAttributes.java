package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.SelfTest.expect;
import static io.jenkins.plugins.obuilder.host.SelfTest.expectRefusal;
import static io.jenkins.plugins.obuilder.host.SelfTestOfFiles.mode;
import static io.jenkins.plugins.obuilder.host.SelfTestOfFiles.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What files have besides contents. */
final class SelfTestOfAttributes {
    private static final int SOMEBODY = 12345;
    private static final String ATTRIBUTE = "user.obuilder-check";

    private SelfTestOfAttributes() {}

    static Map<String, SelfTest.Check> checks() {
        Map<String, SelfTest.Check> checks = new LinkedHashMap<>();
        checks.put("what the system says of files", SelfTestOfAttributes::stat);
        checks.put("permissions and owners", SelfTestOfAttributes::permissions);
        checks.put("times", SelfTestOfAttributes::times);
        checks.put("extended attributes", SelfTestOfAttributes::attributes);
        if (!Kernel.isLinux()) {
            checks.put("protected files", SelfTestOfAttributes::flags);
        }
        return checks;
    }

    private static void stat(Path place) throws IOException {
        write(place.resolve("file"), "12345");
        Files.createLink(place.resolve("second"), place.resolve("file"));
        Files.createSymbolicLink(place.resolve("link"), Path.of("file"));
        Files.createDirectory(place.resolve("directory"));
        try (Dir dir = Dir.open(place)) {
            for (String name : new String[] {"file", "link", "directory"}) {
                compare(place.resolve(name), dir.stat(name).orElseThrow());
            }
            compare(place, dir.stat());
            try (OpenFile file = dir.openFile("file")) {
                compare(place.resolve("file"), file.stat());
            }
            expect(
                    "one file system",
                    dir.stat("second").orElseThrow().fileSystem(),
                    dir.stat("file").orElseThrow().fileSystem());
        }
        try (Dir devices = Dir.open(Path.of("/dev"))) {
            FileStat device = devices.stat("null").orElseThrow();
            expect("/dev/null's kind", FileKind.CHARACTER_DEVICE, device.kind());
            // makedev(3, 2) in bsd/miscfs/devfs/devfs_vfsops.c of xnu; devices.txt of Linux.
            boolean mac = Kernel.of(System.getProperty("os.name")) == Kernel.DARWIN;
            expect("/dev/null's major number", mac ? 3 : 1, device.deviceMajor());
            expect("/dev/null's minor number", mac ? 2 : 3, device.deviceMinor());
        }
    }

    private static void compare(Path file, FileStat stat) throws IOException {
        Map<String, Object> java = Files.readAttributes(file, "unix:*", LinkOption.NOFOLLOW_LINKS);
        String of = " of " + file.getFileName();
        expect("mode" + of, (int) java.get("mode") & 07777, stat.mode());
        expect("owner" + of, java.get("uid"), stat.uid());
        expect("group" + of, java.get("gid"), stat.gid());
        expect("inode" + of, java.get("ino"), stat.inode());
        expect("names" + of, java.get("nlink"), stat.links());
        expect("size" + of, java.get("size"), stat.size());
        expect("a directory" + of, java.get("isDirectory"), stat.isDirectory());
        expect("a link" + of, java.get("isSymbolicLink"), stat.isSymlink());
        same("time of change" + of, (java.nio.file.attribute.FileTime) java.get("lastModifiedTime"), stat.mtime());
        same("time of status" + of, (java.nio.file.attribute.FileTime) java.get("ctime"), stat.ctime());
    }

    /** Some versions of Java know microseconds at best. */
    private static void same(String what, java.nio.file.attribute.FileTime java, FileStat.FileTime time)
            throws IOException {
        long micros = TimeUnit.SECONDS.toMicros(time.seconds()) + time.nanos() / 1000;
        expect(what, java.to(TimeUnit.MICROSECONDS), micros);
    }

    private static void permissions(Path place) throws IOException {
        write(place.resolve("file"), "x");
        Files.createSymbolicLink(place.resolve("link"), Path.of("file"));
        try (Dir dir = Dir.open(place)) {
            dir.chmod("file", 0751);
            expect("permissions by name", "751", mode(place.resolve("file")));
            expectRefusal("permissions of a link", () -> {
                dir.chmod("link", 0700);
                return null;
            });
            dir.chmod(0711);
            expect("permissions of the directory", "711", mode(place));
            if (ProcessUser.isRoot()) {
                dir.chown("link", SOMEBODY, SOMEBODY + 1);
                expect(
                        "owner of a link",
                        SOMEBODY,
                        dir.stat("link").orElseThrow().uid());
                expect(
                        "group of a link",
                        SOMEBODY + 1,
                        dir.stat("link").orElseThrow().gid());
                expect("owner of what it leads to", 0, Files.getAttribute(place.resolve("file"), "unix:uid"));
                try (OpenFile file = dir.openFile("file")) {
                    file.chown(SOMEBODY, SOMEBODY);
                    file.chmod(04755);
                }
                expect("owner of a file", SOMEBODY, Files.getAttribute(place.resolve("file"), "unix:uid"));
                expect("set-uid", "4755", mode(place.resolve("file")));
            }
        }
    }

    private static void times(Path place) throws IOException {
        FileStat.FileTime time = new FileStat.FileTime(1_000_000_001, 123_456_789);
        write(place.resolve("file"), "x");
        Files.createSymbolicLink(place.resolve("link"), Path.of("file"));
        try (Dir dir = Dir.open(place)) {
            dir.setTime("link", time);
            expect("time of a link", time, dir.stat("link").orElseThrow().mtime());
            expect(
                    "a link's target is not touched",
                    false,
                    time.equals(dir.stat("file").orElseThrow().mtime()));
            try (OpenFile file = dir.openFile("file")) {
                file.setTime(time);
            }
            expect("time of a file", time, dir.stat("file").orElseThrow().mtime());
            expect(
                    "the same as Java reads it",
                    1_000_000_001L,
                    Files.getLastModifiedTime(place.resolve("file")).to(TimeUnit.SECONDS));
            dir.setTime(time);
            expect("time of a directory", time, dir.stat().mtime());
        }
    }

    private static void attributes(Path place) throws IOException {
        byte[] value = {0, 1, (byte) 0xff, 0};
        write(place.resolve("file"), "x");
        try (Dir dir = Dir.open(place)) {
            for (String name : new String[] {"file", "."}) {
                Xattrs xattrs = dir.xattrs(name);
                try {
                    xattrs.set(ATTRIBUTE, value);
                } catch (FileException e) {
                    if (Kernel.isLinux() && e.isUnsupported()) {
                        return; // not every file system has them
                    }
                    throw e;
                }
                expect(
                        "an attribute of " + name,
                        true,
                        Arrays.equals(value, xattrs.all().get(ATTRIBUTE)));
                xattrs.remove(ATTRIBUTE);
                xattrs.remove(ATTRIBUTE);
                expect("after removing it from " + name, false, xattrs.all().containsKey(ATTRIBUTE));
            }
            Files.createSymbolicLink(place.resolve("link"), Path.of("file"));
            expect("a link's own attributes", false, dir.xattrs("link").all().containsKey(ATTRIBUTE));
        }
    }

    /** With the owner's own flag, which each user may set: chflags(1)'s uchg. */
    private static void flags(Path place) throws IOException {
        Path tree = Files.createDirectories(place.resolve("tree/inner"));
        write(tree.resolve("file"), "x");
        Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
        try (Dir dir = Dir.open(place);
                Dir outer = dir.openDir("tree");
                Dir inner = outer.openDir("inner")) {
            try {
                if (!DarwinFlags.protect(inner.fd(), FileCalls.name("file"))) {
                    throw new SelfTest.Difference("this file system protects no files");
                }
                DarwinFlags.protect(inner.fd(), FileCalls.name("link"));
                expect("removing a protected file: forbidden", true, refusal(inner, "file"));
                expect("removing a protected link: forbidden", true, refusal(inner, "link"));
                DarwinFlags.protect(outer.fd(), FileCalls.name("inner"));
                dir.removeTree("tree");
                expect("after removing", false, Files.exists(place.resolve("tree"), LinkOption.NOFOLLOW_LINKS));
            } finally {
                release(outer, "inner");
                release(inner, "file");
                release(inner, "link");
            }
        }
    }

    /** Whatever flags it is said to have. */
    private static void release(Dir dir, String name) throws IOException {
        if (dir.stat(name).isPresent()) {
            DarwinFlags.clear(dir.fd(), FileCalls.name(name));
        }
    }

    private static boolean refusal(Dir dir, String name) throws IOException {
        return expectRefusal("removing " + name, () -> {
                    dir.unlink(name);
                    return null;
                })
                .isForbidden();
    }
}
