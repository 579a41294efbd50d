package io.jenkins.plugins.obuilder.host;

import static io.jenkins.plugins.obuilder.host.SelfTest.expect;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What lies beyond files: mounts, processes, what the system tells of itself. */
final class SelfTestOfSystem {
    private SelfTestOfSystem() {}

    static Map<String, SelfTest.Check> checks(Commands commands) {
        Map<String, SelfTest.Check> checks = new LinkedHashMap<>();
        checks.put("SHA-256", place -> digest());
        checks.put("list mounts", SelfTestOfSystem::mounts);
        checks.put("signals", place -> signals());
        checks.put("list processes", place -> processes(commands));
        checks.put("since when the system runs", place -> boot());
        if (!Kernel.isLinux()) {
            checks.put("kind of file system", SelfTestOfSystem::kind);
            checks.put("clone directories", SelfTestOfSystem::cloning);
        }
        if (!Kernel.isLinux() && OperatingSystem.isMac() && ProcessUser.isRoot()) {
            checks.put("mount and unmount", place -> unmounting(commands, place));
        }
        return checks;
    }

    /** RFC 6234's first test. */
    private static void digest() throws IOException {
        expect(
                "the digest of abc",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Sha256.of("abc".getBytes(UTF_8)));
        byte[] zeros = new byte[1_000_003];
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(zeros);
            expect("the digest of many zeros", HexFormat.of().formatHex(digest), Sha256.of(zeros));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void mounts(Path place) throws IOException {
        List<MountPoint> mounts = Mounts.list();
        MountPoint root = mounts.stream()
                .filter(mount -> mount.path().equals("/"))
                .findFirst()
                .orElseThrow(() -> new SelfTest.Difference("/ is not among the mounts: " + mounts));
        expect("the kind of / is told", false, root.type().isEmpty());
        expect("something is mounted in an empty directory", List.of(), Mounts.within(place));
        if (ProcessUser.isRoot()) {
            Mounts.unmount(place);
        }
    }

    private static void kind(Path place) throws IOException {
        expect("as Java reads it", Files.getFileStore(place).type(), FileSystemKind.of(place));
    }

    private static void signals() throws IOException {
        expect("this user", System.getProperty("user.name").equals("root"), ProcessUser.isRoot());
        int pid = (int) ProcessHandle.current().pid();
        expect("whether this process can be signalled", 0, Posix.kill(pid, 0));
        int before = Posix.umask(077);
        expect("the umask", 077, Posix.umask(before));
    }

    private static void processes(Commands commands) throws IOException {
        long pid = ProcessHandle.current().pid();
        List<Processes.Info> ours =
                OperatingSystem.current().processes(commands).of(ProcessUser.uid());
        expect("this process is among its user's", true, ours.stream().anyMatch(info -> info.pid() == pid));
    }

    private static void boot() throws IOException {
        String id = Boot.id().orElse("nothing");
        expect(id + " is a UUID", true, id.matches("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"));
        expect("the same once more", id, Boot.id().orElse("nothing"));
    }

    private static void cloning(Path place) throws IOException {
        Path tree = Files.createDirectories(place.resolve("tree/inner"));
        SelfTestOfFiles.write(tree.resolve("file"), "x");
        TreeClone.ofMacos().clone(place.resolve("tree"), place.resolve("copy"));
        expect("a file of the clone", "x", Files.readString(place.resolve("copy/inner/file")));
    }

    private static void unmounting(Commands commands, Path place) throws IOException {
        if (!MemoryDirectory.mount(commands, place).isInMemory()) {
            return; // before macOS 10.15
        }
        try {
            expect("what is mounted", 1, Mounts.within(place).size());
            Mounts.unmountAll(place);
            expect("what is still mounted", List.of(), Mounts.within(place));
        } finally {
            if (Files.getFileStore(place).type().equals("tmpfs")) {
                MemoryDirectory.tryUnmount(commands, place);
            }
        }
    }
}
