package io.jenkins.plugins.obuilder.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Every command of macOS that the engine runs, each with where it was seen. None of them was tried by us on a Mac: whoever has one finds
 * here, and in {@code src/test/resources/macos}, all that there is to correct. Sources: [obuilder] the reference's {@code lib/macos.ml},
 * {@code lib/sandbox.macos.ml}, {@code lib/os.ml}; [mac-plugin] Jenkins' mac-plugin, {@code Constants.groovy}; [sandvault] webcoyote/sandvault;
 * [nix] Nix' installer and {@code darwin-derivation-builder.cc}; [bazel] Bazel's {@code DarwinSandboxedSpawnRunner}; [infra]
 * ocurrent/macos-infra; [man] the manual page of the command.
 */
public final class MacTools {
    private static final Duration SHORT = Duration.ofSeconds(30);

    private MacTools() {}

    /**
     * [man rsync(1) of macOS: openrsync, before macOS 15.4 rsync 2.6.9] Neither has -A, -X and times below the second; both have -E for ACLs
     * and extended attributes.
     */
    public static String[] rsyncOptions() {
        return new String[] {"-aHE", "--numeric-ids", "--sparse", "--whole-file", "--"};
    }

    // ---- accounts

    /** [obuilder, mac-plugin] Prints {@code NAME UID} a line. */
    static HostCommand listUsers() {
        return of("list the users", "dscl", ".", "-list", "/Users", "UniqueID");
    }

    /** [man dscl(1)] Prints {@code NAME} a line, also of records that have no number yet. */
    static HostCommand listUserNames() {
        return of("list the users", "dscl", ".", "-list", "/Users");
    }

    /** [nix] Prints {@code NAME GID} a line. */
    static HostCommand listGroups() {
        return of("list the groups", "dscl", ".", "-list", "/Groups", "PrimaryGroupID");
    }

    /** [man dscl(1)] Prints {@code NAME} a line. */
    static HostCommand listGroupNames() {
        return of("list the groups", "dscl", ".", "-list", "/Groups");
    }

    /** [man dscl(1)] Prints {@code NAME PATH} a line. */
    static HostCommand listHomes() {
        return of("list the users' homes", "dscl", ".", "-list", "/Users", "NFSHomeDirectory");
    }

    /** [nix] A group of its own; with {@code -r} its long name. */
    static HostCommand createGroup(Account account) {
        return of("make the group " + account.name(), "dseditgroup", "-o", "create", "-i")
                .args(Integer.toString(account.uid()), "-r", realName(account), account.name());
    }

    /** [obuilder, mac-plugin] The record; dscl does not look whether numbers are unique. */
    static HostCommand createUser(String name) {
        return of("make the account " + name, "dscl", ".", "-create", "/Users/" + name);
    }

    /**
     * [obuilder, mac-plugin: UniqueID, PrimaryGroupID, UserShell, NFSHomeDirectory; nix: RealName, IsHidden; sandvault: Password] In this
     * order.
     */
    static List<HostCommand> describeUser(Account account) {
        String id = Integer.toString(account.uid());
        return List.of(
                set(account, "UniqueID", id),
                set(account, "PrimaryGroupID", id),
                set(account, "UserShell", account.shell().toString()),
                set(account, "NFSHomeDirectory", account.home().toString()),
                set(account, "RealName", realName(account)),
                // Not at the login window.
                set(account, "IsHidden", "1"),
                // No password fits.
                set(account, "Password", "*"));
    }

    private static HostCommand set(Account account, String key, String value) {
        return createUser(account.name()).args(key, value);
    }

    private static String realName(Account account) {
        return "OBuilder " + account.uid();
    }

    /** [man dseditgroup(8)] Prints {@code yes NAME is a member of staff} with status 0, or {@code no …}. */
    static HostCommand isInStaff(String name) {
        return of("ask whether " + name + " is in staff", "dseditgroup", "-o", "checkmember", "-m", name, "staff");
    }

    /** [sandvault] Files of the host that its group may read stay private. */
    static HostCommand leaveStaff(String name) {
        return of("take " + name + " out of staff", "dseditgroup", "-o", "edit", "-d", name, "-t", "user", "staff");
    }

    /** [obuilder, mac-plugin] sysadminctl(8) "will not reliably remove a dscl-created record". */
    static HostCommand deleteUser(String name) {
        return of("delete the account " + name, "dscl", ".", "-delete", "/Users/" + name);
    }

    /** [nix] */
    static HostCommand deleteGroup(String name) {
        return of("delete the group " + name, "dscl", ".", "-delete", "/Groups/" + name);
    }

    // ---- running as an account

    /**
     * [obuilder] {@code su -l USER -c -- SCRIPT ARG0 ARG1…}: what stands after the user goes to the login shell, and the environment is a
     * new one. The reference begins with {@code sudo}, which root does not need.
     */
    public static HostCommand login(String doing, String name) {
        return HostCommand.of(doing, "su", "-l", name, "-c", "--");
    }

    // ---- processes

    /** [man ps(1)] All: number, real, effective and saved user, state, name. */
    static HostCommand processes() {
        return of("list the processes", "ps", "-axo", "pid=,ruid=,uid=,svuid=,state=,comm=");
    }

    /** [sandvault, nix] The user's launchd domain with its agents. Fails when there is none. */
    static HostCommand bootout(int uid) {
        return of("end what launchd runs for the user " + uid, "launchctl", "bootout", "user/" + uid);
    }

    /** [obuilder] By the real user. Status 1: there was none. */
    static HostCommand kill(int uid) {
        return of("kill the processes of the user " + uid, "pkill", "-9", "-U", Integer.toString(uid));
    }

    /** [nix kills by kill(-1) as the user] "All that this user may signal" leaves no gap for a fork bomb. */
    static HostCommand killAsUser(String name) {
        return of("kill the processes of " + name, "su", name, "-c", "kill -9 -1");
    }

    // ---- what processes leave

    /** [nix cleans it up by system calls; man ipcs(1)] Lines {@code m|q|s ID KEY MODE OWNER GROUP}. */
    static HostCommand listIpc() {
        return of("list the System V IPC objects", "ipcs");
    }

    /** [man ipcrm(1)] */
    static HostCommand removeIpc(String kind, String id) {
        return of("remove a System V IPC object", "ipcrm", "-" + kind, id);
    }

    /** [man crontab(1)] Fails when there is none. */
    static HostCommand removeCrontab(String name) {
        return of("remove the crontab of " + name, "crontab", "-u", name, "-r");
    }

    // ---- network

    /** [man pfctl(8)] Enables pf, counting references: prints {@code Token : N}. */
    static HostCommand enablePf() {
        return of("enable the packet filter", "pfctl", "-E");
    }

    /** [man pfctl(8)] */
    static HostCommand releasePf(String token) {
        return of("give the packet filter back", "pfctl", "-X", token);
    }

    /** [man pfctl(8)] Begins with {@code Status: Enabled} or {@code Disabled}. */
    static HostCommand pfStatus() {
        return of("ask whether the packet filter is on", "pfctl", "-s", "info");
    }

    /** [man pfctl(8)] The main rules, with the hooks for anchors. */
    static HostCommand pfMainRules() {
        return of("list the packet filter's rules", "pfctl", "-s", "rules");
    }

    /** [rules as in tenant and agentd] Loads rules into an anchor, and nothing else. */
    static HostCommand loadPf(String anchor, String rules) {
        return of("load rules into the packet filter's anchor " + anchor, "pfctl", "-a", anchor, "-f", "-")
                .input(rules.getBytes(StandardCharsets.US_ASCII));
    }

    /** [man pfctl(8)] */
    static HostCommand pfRules(String anchor) {
        return of("list the rules of the packet filter's anchor " + anchor, "pfctl", "-a", anchor, "-s", "rules");
    }

    /** [man pfctl(8)] */
    static HostCommand flushPf(String anchor) {
        return of("empty the packet filter's anchor " + anchor, "pfctl", "-a", anchor, "-F", "rules");
    }

    // ---- files

    /** [man ditto(8)] Everything of a tree into an existing directory: owners, modes, times, hard links, ACLs, attributes. */
    public static HostCommand copyTree(Path from, Path to) {
        return HostCommand.of("copy " + from + " to " + to, "ditto")
                .arg(from)
                .arg(to)
                .within(Duration.ofHours(2));
    }

    /** [man mount_tmpfs(8), since macOS 10.15] */
    static HostCommand mountMemory(Path directory) {
        return of("mount a file system in memory", "mount_tmpfs", "-o", "nosuid,nodev,nobrowse", "-s", "16m")
                .arg(directory);
    }

    /** [infra] */
    static HostCommand unmount(Path directory) {
        return of("unmount " + directory, "umount").arg(directory);
    }

    /** [infra] Where umount says busy. */
    static HostCommand unmountByForce(Path directory) {
        return of("unmount " + directory, "diskutil", "unmount", "force").arg(directory);
    }

    /** [man lsof(8)] Who has files open on the file system mounted there: lines {@code pPID}, {@code cNAME}. Status 1: nobody. */
    static HostCommand openFilesOf(Path mountPoint) {
        return of("ask who uses " + mountPoint, "lsof", "-n", "-w", "-F", "pc", "--")
                .arg(mountPoint);
    }

    // ---- what the host is

    /** [infra] */
    static HostCommand version() {
        return of("ask for the version of macOS", "sw_vers", "-productVersion");
    }

    /** [man uname(1)] {@code arm64} or {@code x86_64}. */
    static HostCommand machine() {
        return of("ask for the processor's architecture", "uname", "-m");
    }

    /** [infra, Homebrew] A line {@code version: …}; fails where the command line tools are not installed. */
    static HostCommand commandLineTools() {
        return of(
                "ask for the version of the command line tools",
                "pkgutil",
                "--pkg-info=com.apple.pkg.CLTools_Executables");
    }

    /** [man xcode-select(1)] The chosen developer directory; fails when there is none. */
    static HostCommand developerDirectory() {
        return of("ask for the developer directory", "xcode-select", "-p");
    }

    private static HostCommand of(String doing, String... argv) {
        return HostCommand.of(doing, argv).within(SHORT);
    }
}
