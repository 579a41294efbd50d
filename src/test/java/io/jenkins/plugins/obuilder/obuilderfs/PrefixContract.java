package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the path must be to each user who has it, however many have it at the same time: attributes, contents, open files, memory, programs
 * and locks are those of the user's own tree, as if there were no other. Files of the same name have the same time everywhere, and mostly
 * the same size, so that nothing but the right tree tells them apart.
 */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.CC})
abstract class PrefixContract {
    @TempDir
    private static Path directory;

    private static PrefixLab lab;

    private final Map<Integer, Peer> users = new LinkedHashMap<>();
    private String at;

    abstract Mode mode();

    abstract int[] uids();

    /** Where a user is who has gone into the directory of this name below the path, as getcwd(3) says it. */
    abstract String whereIs(int uid, String name);

    static PrefixLab lab() {
        return lab;
    }

    @BeforeEach
    void mount() throws IOException {
        if (lab == null) {
            lab = new PrefixLab(directory, mode());
            lab.view.repair();
        }
        at = lab.prefix() + "/";
        for (int uid : uids()) {
            users.put(uid, lab.peer(uid));
        }
    }

    @AfterEach
    void stop() throws IOException {
        for (Peer peer : users.values()) {
            peer.close();
        }
    }

    @AfterAll
    static void unmount() throws IOException {
        if (lab != null) {
            lab.close();
            lab = null;
        }
    }

    private static String letter(int uid) {
        return uid == ALICE ? "A" : "B";
    }

    /** Gives each user a file with its own letter so many times. */
    private void write(String name, IntFunction<Integer> count) throws IOException {
        for (int uid : users.keySet()) {
            lab.write(uid, name, letter(uid).repeat(count.apply(uid)));
        }
    }

    /** Each user says this, one after the other, and then all over again where that makes no difference. */
    private void look(String line, IntFunction<String> expected) throws IOException {
        say(line, expected);
        say(line, expected);
    }

    private void say(String line, IntFunction<String> expected) throws IOException {
        for (Map.Entry<Integer, Peer> user : users.entrySet()) {
            assertThat(user.getValue().ask(line))
                    .as(user.getKey() + ": " + line)
                    .isEqualTo(expected.apply(user.getKey()));
        }
    }

    private void say(String line) throws IOException {
        say(line, uid -> "ok");
    }

    @Test
    void attributes() throws IOException {
        write("attributes", uid -> uid % 100);
        look("size " + at + "attributes", uid -> "" + uid % 100);
        look("owner " + at + "attributes", uid -> "" + uid);
    }

    @Test
    void namesThatAreAndAreNot() throws IOException {
        lab.write(ALICE, "only-alice", "secret");
        look("size " + at + "only-alice", uid -> uid == ALICE ? "6" : "ENOENT");
        look("cat " + at + "only-alice", uid -> uid == ALICE ? "=secret" : "ENOENT");

        look("size " + at + "later", uid -> "ENOENT");
        lab.write(ALICE, "later", "1");
        look("size " + at + "later", uid -> uid == ALICE ? "1" : "ENOENT");
    }

    @Test
    void contents() throws IOException {
        write("contents", uid -> 8192);
        look("cat " + at + "contents", uid -> "=" + letter(uid).repeat(4096));

        write("length", uid -> uid == ALICE ? 10 : 9000);
        say("open 10 " + at + "length r");
        look("fsize 10", uid -> uid == ALICE ? "10" : "9000");
        look("all 10", uid -> uid == ALICE ? "10" : "9000");
    }

    @Test
    void contentsThatChangeBehindItsBack() throws IOException {
        write("changing", uid -> 5000);
        look("cat " + at + "changing", uid -> "=" + letter(uid).repeat(4096));
        for (int uid : users.keySet()) {
            lab.write(uid, "changing", letter(uid).repeat(100));
        }
        look("cat " + at + "changing", uid -> "=" + letter(uid).repeat(100));
    }

    @Test
    void openFiles() throws IOException {
        write("open", uid -> 65536);
        say("open 10 " + at + "open r");
        look("read 10 0 4", uid -> "=" + letter(uid).repeat(4));
        look("read 10 40000 4", uid -> "=" + letter(uid).repeat(4));
    }

    @Test
    void memory() throws IOException {
        write("memory", uid -> 65536);
        say("open 10 " + at + "memory r");
        say("map 10 65536 private");
        look("peek 0 4", uid -> "=" + letter(uid).repeat(4));
        look("peek 40000 4", uid -> "=" + letter(uid).repeat(4));
    }

    @Test
    void sharedMemory() throws IOException {
        write("shared", uid -> 4096);
        say("open 10 " + at + "shared rw");
        say("map 10 4096 shared");
        users.get(ALICE).ask("poke 0 Z");
        look("peek 0 2", uid -> uid == ALICE ? "=ZA" : "=BB");
        say("unmap");
        say("close 10");
        for (int uid : users.keySet()) {
            assertThat(Files.readString(lab.local(uid).resolve("shared"))).startsWith(uid == ALICE ? "ZA" : "BB");
        }
    }

    @Test
    void appending() throws IOException {
        write("append", uid -> uid == ALICE ? 10 : 100);
        say("open 10 " + at + "append a");
        look("size " + at + "append", uid -> uid == ALICE ? "10" : "100");
        say("append 10 Z");
        look("size " + at + "append", uid -> uid == ALICE ? "11" : "101");
    }

    @Test
    void oneNameForDifferentKinds() throws IOException {
        for (int uid : users.keySet()) {
            lab.write(uid, uid == ALICE ? "kind/in" : "kind", "x");
        }
        look("list " + at + "kind", uid -> uid == ALICE ? "1 0" : "ENOTDIR");
        look("cat " + at + "kind", uid -> uid == ALICE ? "EISDIR" : "=x");
    }

    @Test
    void theWorkingDirectory() throws IOException {
        write("work/letter", uid -> 1);
        say("cd " + at + "work");
        look("list " + at + "work", uid -> "1 0");
        look("cwd", uid -> whereIs(uid, "work"));
        look("cat letter", uid -> "=" + letter(uid));
    }

    @Test
    void aFileThatIsRemovedWhileItIsOpen() throws IOException {
        write("removed/file", uid -> 9);
        say("open 10 " + at + "removed/file rw");
        Peer last = users.get(uids()[uids().length - 1]);
        assertThat(last.ask("unlink " + at + "removed/file")).isEqualTo("ok");
        look("read 10 0 3", uid -> "=" + letter(uid).repeat(3));
        look("fsize 10", uid -> "9");
        look("list " + at + "removed", uid -> users.get(uid) == last ? "0 0" : "1 0");
    }

    @Test
    void aDirectoryThatIsRenamedUnderAnothersFeet() throws IOException {
        write("before/letter", uid -> 1);
        say("cd " + at + "before");
        Peer last = users.get(uids()[uids().length - 1]);
        assertThat(last.ask("rename " + at + "before " + at + "after")).isEqualTo("ok");
        look("cat letter", uid -> "=" + letter(uid));
        look("cwd", uid -> whereIs(uid, users.get(uid) == last ? "after" : "before"));
        look("cat " + at + "before/letter", uid -> users.get(uid) == last ? "ENOENT" : "=" + letter(uid));
    }

    @Test
    void locks() throws IOException {
        write("locked", uid -> 1);
        say("open 10 " + at + "locked rw");
        say("flock 10");
        say("funlock 10");
        say("lock 10");
        for (int uid : users.keySet()) {
            Peer second = lab.peer(uid);
            assertThat(second.ask("open 10 " + at + "locked rw")).isEqualTo("ok");
            assertThat(second.ask("lock 10")).isEqualTo("EAGAIN");
            assertThat(users.get(uid).ask("flock 10")).isEqualTo("ok");
            assertThat(second.ask("flock 10")).isEqualTo("EAGAIN");
        }
        say("unlock 10");
    }

    @Test
    void hardLinks() throws IOException {
        write("linked", uid -> 1);
        say("link " + at + "linked " + at + "other");
        look("links " + at + "linked", uid -> "2");
        for (Peer user : users.values()) {
            assertThat(user.ask("inode " + at + "other")).isEqualTo(user.ask("inode " + at + "linked"));
        }
    }

    @Test
    void programs() throws IOException {
        for (int uid : users.keySet()) {
            lab.copy(Path.of(uid == ALICE ? "/bin/true" : "/bin/false"), uid, "program");
        }
        for (int i = 0; i < 20; i++) {
            say("run " + at + "program", uid -> uid == ALICE ? "0" : "1");
        }
    }

    @Test
    void aProgramThatRunsWhileAnotherOfItsNameDoes() throws IOException {
        for (int uid : users.keySet()) {
            lab.copy(Path.of(uid == ALICE ? "/bin/dash" : "/bin/bash"), uid, "shell");
        }
        Peer alice = users.get(ALICE);
        lab.write(ALICE, "loop", "i=0; while [ $i -lt 100 ]; do i=$((i+1)); " + at + "shell -c true || exit 9; done");
        assertThat(alice.ask("start " + at + "shell " + at + "loop")).isEqualTo("ok");
        for (int i = 0; i < 20; i++) {
            for (int uid : users.keySet()) {
                if (uid != ALICE) {
                    lab.write(uid, "exit3", "for i in 1 2 3; do :; done; exit 3");
                    assertThat(users.get(uid).ask("run " + at + "shell " + at + "exit3"))
                            .isEqualTo("3");
                }
            }
        }
        assertThat(alice.ask("wait")).isEqualTo("0");
    }
}
