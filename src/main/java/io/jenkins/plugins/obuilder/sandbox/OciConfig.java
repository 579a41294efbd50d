package io.jenkins.plugins.obuilder.sandbox;

import com.fasterxml.jackson.jr.ob.JSON;
import io.jenkins.plugins.obuilder.host.ByteArguments;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.ResourceLimits;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the {@code config.json} of a container: what a step may see and do, following the OCI runtime specification. */
final class OciConfig {
    /** What Docker gives by default less the rights over the network: what root can do in the container. */
    private static final List<String> CAPABILITIES = List.of(
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FSETID",
            "CAP_FOWNER",
            "CAP_MKNOD",
            "CAP_SETGID",
            "CAP_SETUID",
            "CAP_SETFCAP",
            "CAP_SETPCAP",
            "CAP_SYS_CHROOT",
            "CAP_KILL",
            "CAP_AUDIT_WRITE");

    private static final List<String> MASKED = List.of(
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/sys/firmware",
            "/proc/scsi");

    private static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    /** These do nothing with {@code fastSync}: after a crash of the machine the step is run again anyway. */
    private static final List<String> SYNC_CALLS =
            List.of("fsync", "fdatasync", "msync", "sync", "syncfs", "sync_file_range");

    private static final String HOSTNAME = "builder";
    private static final String HOSTS = "127.0.0.1 localhost builder\n";
    private static final int OPEN_FILES = 1024;

    private OciConfig() {}

    /**
     * What there is on this host.
     *
     * @param unified control groups are of the second version alone, and can be made
     */
    record Host(boolean cgroupsMounted, boolean unified, boolean fastSync) {}

    /**
     * The control group of a container.
     *
     * @param path empty for one of the runtime's choice
     * @param limits of a group above it, which are written into it, too: where a command looks that fits itself to what it may have, as a
     *     Java machine does
     */
    record Group(Optional<String> path, ResourceLimits limits) {}

    /**
     * The file's text; puts the files that it mounts ({@code hosts}) into the bundle. Secret n is expected as {@code secrets/n}.
     */
    static String write(Sandbox.Command command, Path rootfs, Path bundle, Host host, Group group) throws IOException {
        PrivateFiles.write(
                bundle.resolve("hosts"), HOSTS.getBytes(java.nio.charset.StandardCharsets.US_ASCII), "rw-r--r--");
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("ociVersion", "1.0.2");
        config.put("process", process(command));
        config.put("root", Map.of("path", rootfs.toAbsolutePath().toString(), "readonly", false));
        config.put("hostname", HOSTNAME);
        config.put("mounts", mounts(command, bundle, host));
        Map<String, Object> linux = linux(command, host);
        group.path().ifPresent(path -> linux.put("cgroupsPath", path));
        if (host.unified() && !group.limits().isEmpty()) {
            linux.put("resources", resources(group.limits()));
        }
        config.put("linux", linux);
        return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(config);
    }

    private static Map<String, Object> process(Sandbox.Command command) throws IOException {
        List<String> plain = new ArrayList<>();
        List<String> odd = new ArrayList<>();
        for (EnvVar variable : command.env()) {
            String setting = variable.name() + "=" + variable.value();
            (ByteArguments.isUtf8(setting) ? plain : odd).add(setting);
        }
        List<String> argv = new ArrayList<>();
        if (!odd.isEmpty()) {
            argv.add("/usr/bin/env");
            argv.addAll(odd);
        }
        argv.addAll(command.argv());
        if (!argv.stream().allMatch(ByteArguments::isUtf8)) {
            argv = ByteArguments.decodedByShell(argv);
        }
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("terminal", false);
        process.put(
                "user",
                Map.of("uid", command.user().uid(), "gid", command.user().gid()));
        process.put("args", texts(argv, "the command"));
        process.put("env", texts(plain, "the environment"));
        process.put("cwd", text(command.workdir(), "the working directory"));
        process.put(
                "capabilities",
                Map.of(
                        "bounding", CAPABILITIES,
                        "effective", CAPABILITIES,
                        "inheritable", CAPABILITIES,
                        "permitted", CAPABILITIES));
        List<Object> limits = new ArrayList<>(List.of(limit("RLIMIT_NOFILE", OPEN_FILES)));
        command.disk().ifPresent(disk -> limits.add(limit("RLIMIT_FSIZE", disk.bytes())));
        process.put("rlimits", limits);
        process.put("noNewPrivileges", false);
        return process;
    }

    private static Map<String, Object> limit(String type, long most) {
        return Map.of("type", type, "hard", most, "soft", most);
    }

    private static List<Object> mounts(Sandbox.Command command, Path bundle, Host host) throws IOException {
        List<Object> mounts = new ArrayList<>();
        mounts.add(mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"));
        mounts.add(mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"));
        mounts.add(mount(
                "/dev/pts",
                "devpts",
                "devpts",
                "nosuid",
                "noexec",
                "newinstance",
                "ptmxmode=0666",
                "mode=0620",
                "gid=5"));
        mounts.add(mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"));
        if (host.cgroupsMounted()) {
            mounts.add(mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev"));
        }
        mounts.add(mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"));
        mounts.add(mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"));
        mounts.add(readOnlyFile("/etc/hosts", bundle.resolve("hosts")));
        Path resolver = Path.of("/etc/resolv.conf");
        if (command.hostNetwork() && Files.exists(resolver)) {
            mounts.add(readOnlyFile("/etc/resolv.conf", resolver));
        }
        // A cache may lie in another one's directory, and a secret in a cache's: outer directories first, secrets last.
        for (Sandbox.CacheDirectory cache : command.caches().stream()
                .sorted(Comparator.comparingInt(cache -> cache.target().length()))
                .toList()) {
            mounts.add(mount(
                    text(cache.target(), "the target of a cache"),
                    "bind",
                    cache.directory().toAbsolutePath().toString(),
                    "bind",
                    "nosuid",
                    "nodev"));
        }
        for (int i = 0; i < command.secrets().size(); i++) {
            String target = text(command.secrets().get(i).target(), "the target of a secret");
            mounts.add(readOnlyFile(target, bundle.resolve("secrets").resolve(Integer.toString(i))));
        }
        return mounts;
    }

    private static Map<String, Object> linux(Sandbox.Command command, Host host) {
        List<Object> namespaces = new ArrayList<>();
        for (String type : List.of("pid", "ipc", "uts", "mount")) {
            namespaces.add(Map.of("type", type));
        }
        if (!command.hostNetwork()) {
            namespaces.add(Map.of("type", "network"));
        }
        if (host.unified()) {
            // Else it sees all groups of the host, and its own under a name that it does not know.
            namespaces.add(Map.of("type", "cgroup"));
        }
        Map<String, Object> linux = new LinkedHashMap<>();
        linux.put("namespaces", namespaces);
        linux.put("maskedPaths", MASKED);
        linux.put("readonlyPaths", READ_ONLY);
        if (host.fastSync()) {
            linux.put("seccomp", seccomp());
        }
        return linux;
    }

    private static Map<String, Object> resources(ResourceLimits limits) {
        Map<String, Object> resources = new LinkedHashMap<>();
        limits.memory().ifPresent(bytes -> {
            resources.put("memory", Map.of("limit", bytes));
            resources.put("unified", Map.of("memory.oom.group", "1"));
        });
        limits.cpus()
                .ifPresent(cpus -> resources.put(
                        "cpu",
                        Map.of("quota", ResourceLimits.quota(cpus), "period", ResourceLimits.PERIOD_MICROSECONDS)));
        return resources;
    }

    private static Map<String, Object> seccomp() {
        Map<String, Object> seccomp = new LinkedHashMap<>();
        seccomp.put("defaultAction", "SCMP_ACT_ALLOW");
        // The other instruction sets that the processor runs: a filter for one alone would kill a 32-bit program.
        switch (System.getProperty("os.arch")) {
            case "amd64" -> seccomp.put("architectures", List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"));
            case "aarch64" -> seccomp.put("architectures", List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"));
            default -> seccomp.put("architectures", List.of());
        }
        seccomp.put("syscalls", List.of(Map.of("names", SYNC_CALLS, "action", "SCMP_ACT_ERRNO", "errnoRet", 0)));
        return seccomp;
    }

    private static Map<String, Object> mount(String destination, String type, String source, String... options) {
        Map<String, Object> mount = new LinkedHashMap<>();
        mount.put("destination", destination);
        mount.put("type", type);
        mount.put("source", source);
        mount.put("options", List.of(options));
        return mount;
    }

    private static Map<String, Object> readOnlyFile(String destination, Path source) {
        return mount(destination, "bind", source.toAbsolutePath().toString(), "ro", "rbind", "rprivate");
    }

    private static List<String> texts(List<String> byteStrings, String what) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String byteString : byteStrings) {
            texts.add(text(byteString, what));
        }
        return texts;
    }

    /** JSON carries text alone, and nobody carries a NUL. */
    private static String text(String byteString, String what) throws IOException {
        if (byteString.indexOf('\0') >= 0) {
            throw new HostException(
                    what + " has a NUL byte in it: " + Bytes.toText(byteString).replace('\0', '?'));
        }
        if (!ByteArguments.isUtf8(byteString)) {
            throw new HostException(
                    what + " is not UTF-8, which a container cannot express: " + Bytes.toText(byteString));
        }
        return Bytes.toText(byteString);
    }
}
