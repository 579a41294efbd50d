package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What files can do, they can do behind a passthrough, too. Each script runs there, and its results are looked at on the disk. */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.CC})
class PassthroughFilesTest {
    @TempDir
    private static Path directory;

    private static PrefixLab lab;

    private String name;
    private Path disk;

    @BeforeAll
    static void mount() throws IOException {
        lab = new PrefixLab(directory, Mode.PASSTHROUGH);
        lab.view.repair();
    }

    @AfterAll
    static void unmount() throws IOException {
        lab.close();
    }

    @BeforeEach
    void directoryOfItsOwn(TestInfo info) throws IOException {
        name = info.getTestMethod().orElseThrow().getName();
        disk = lab.local(ALICE).resolve(name);
        lab.mustSh(ALICE, "mkdir $P/" + name);
    }

    /** Runs a script in a directory of the test's own, below the path. */
    private String sh(String script) throws IOException {
        return lab.mustSh(ALICE, "cd $P/" + name + "; " + script);
    }

    private Peer peer() throws IOException {
        Peer peer = lab.peer(ALICE);
        assertThat(peer.ask("cd " + lab.mountpoint + "/" + name)).isEqualTo("ok");
        return peer;
    }

    @Test
    void filesBelongToWhoMakesThem() throws IOException {
        sh("umask 027; echo x > file; mkdir dir; ln -s file link; mkfifo pipe; chmod 4711 file; chmod 1770 dir");
        assertThat(Tools.run(disk, "stat", "-c", "%n %A %u %g", "file", "dir", "link", "pipe"))
                .isEqualTo("""
                        file -rws--x--x 7705 7705
                        dir drwxrwx--T 7705 7705
                        link lrwxrwxrwx 7705 7705
                        pipe prw-r----- 7705 7705
                        """);
        assertThat(sh("stat -c '%n %A %u %g' file dir link pipe"))
                .isEqualTo(Tools.run(disk, "stat", "-c", "%n %A %u %g", "file", "dir", "link", "pipe"));
    }

    @Test
    void permissionsHold() throws IOException {
        sh("mkdir shut; echo x > shut/file; echo y > unreadable; chmod 0 shut unreadable");
        assertThat(lab.sh(ALICE, "cat $P/" + name + "/shut/file").complaint()).contains("Permission denied");
        assertThat(lab.sh(ALICE, "cat $P/" + name + "/unreadable").complaint()).contains("Permission denied");
        assertThat(lab.sh(ALICE, "chown 0 $P/" + name + "/unreadable").complaint())
                .contains("not permitted");
        assertThat(lab.sh(ALICE, "mknod $P/" + name + "/null c 1 3").complaint())
                .contains("not permitted");
        sh("chmod 700 shut; cat shut/file");

        // Of root's, in the user's own tree: root's rights must not leak through the process that serves it.
        Files.writeString(disk.resolve("roots"), "secret");
        Tools.run(disk, "chmod", "600", "roots");
        assertThat(lab.sh(ALICE, "cat $P/" + name + "/roots").complaint()).contains("Permission denied");
        assertThat(lab.sh(ALICE, "echo >> $P/" + name + "/roots").status()).isNotZero();
        assertThat(lab.sh(ALICE, "chmod 666 $P/" + name + "/roots").status()).isNotZero();
        sh("rm -f roots; test ! -e roots");
    }

    @Test
    void linksLeadWhereTheyLeadAUserAndNoFurther() throws IOException {
        Path secret = lab.directory.resolve("secret");
        Files.writeString(secret, "s");
        Tools.run(lab.directory, "chmod", "600", secret.toString());
        sh("ln -s " + secret + " out; ln -s ../" + name + " in; echo x > in/file");
        assertThat(sh("cat file; readlink out")).isEqualTo("x\n" + secret + "\n");
        assertThat(lab.sh(ALICE, "cat $P/" + name + "/out").complaint()).contains("Permission denied");
        assertThat(lab.sh(ALICE, "chmod 666 $P/" + name + "/out").status()).isNotZero();
        assertThat(secret).hasContent("s");
    }

    @Test
    void hardLinks() throws IOException {
        sh("echo x > a; ln a b; ln -s a l; ln -P l m; echo y >> b; test $(stat -c %i a) = $(stat -c %i b)");
        assertThat(sh("cat a; stat -c %h a l; rm a; cat b; stat -c %h b; readlink m"))
                .isEqualTo("x\ny\n2\n2\nx\ny\n1\na\n");
    }

    @Test
    void renaming() throws IOException {
        sh(
                "mkdir d e; echo 1 > d/a; echo 2 > e/b; mv d/a e/b; test $(cat e/b) = 1; mv e d/; cat d/e/b; mv d f; cat f/e/b");
        sh("printf 1 > one; printf 2 > two");
        Peer peer = peer();
        assertThat(peer.ask("exchange one two")).isEqualTo("ok");
        assertThat(peer.ask("cat one")).isEqualTo("=2");
        assertThat(peer.ask("rename-new one two")).isEqualTo("EEXIST");
        assertThat(peer.ask("rename one three")).isEqualTo("ok");
        assertThat(peer.ask("rename f f/below")).isEqualTo("EINVAL");
        assertThat(disk.resolve("three")).hasContent("2");
    }

    @Test
    void removing() throws IOException {
        sh("mkdir -p d/e; echo x > d/e/f; rm -r d; test ! -e d; mkdir d; rmdir d");
        sh("mkdir full; echo x > full/f");
        assertThat(lab.sh(ALICE, "rmdir $P/" + name + "/full").complaint()).contains("not empty");
        assertThat(sh("exec 5<> open; echo held >&5; rm open; test ! -e open; cat /proc/self/fd/5; ls -A"))
                .isEqualTo("held\nfull\n");
    }

    @Test
    void attributesOfAllKinds() throws IOException {
        sh("echo x > f; setfattr -n user.short -v v f; setfattr -n user.long -v " + "w".repeat(2000) + " f");
        assertThat(sh("getfattr --only-values -n user.short f; getfattr f | grep -c user"))
                .isEqualTo("v2\n");
        assertThat(Tools.run(disk, "getfattr", "--only-values", "-n", "user.long", "f"))
                .isEqualTo("w".repeat(2000));
        sh("setfattr -x user.short f; ! getfattr -n user.short f 2> /dev/null");
        assertThat(lab.sh(ALICE, "setfattr -n security.capability -v 0sAQAAAgAgAAAAAAAAAAAAAAAAAAA= $P/" + name + "/f")
                        .status())
                .isNotZero();
        assertThat(lab.sh(ALICE, "setfattr -n trusted.x -v y $P/" + name + "/f").status())
                .isNotZero();
        sh("setfacl -m u:7799:r f; getfacl f | grep -q user:7799:r");
        assertThat(Tools.run(disk, "getfacl", "f")).contains("user:7799:r");
    }

    @Test
    void times() throws IOException {
        sh(
                "echo x > f; touch -d @1000000000.123456789 f; touch -a -d @1100000000 f; ln -s f l; touch -h -d @900000000 l");
        assertThat(Tools.run(disk, "stat", "-c", "%.9Y %X", "f", "l"))
                .isEqualTo("1000000000.123456789 1100000000\n900000000.000000000 900000000\n");
        sh("touch f; test $(stat -c %Y f) -gt 1500000000");
    }

    @Test
    void memoryAndProgramsAndScripts() throws IOException {
        sh("""
                cat > p.c <<'EOF'
                #include <stdio.h>
                int main(int n, char **v) { printf("%d %s\\n", n, v[0]); return 7; }
                EOF
                cc -o p p.c; printf '#!/bin/sh\\necho script $0\\n' > s; chmod +x s
                """);
        assertThat(sh("./p x y || test $? = 7; ./s; \"$P/" + name + "/p\" || true"))
                .isEqualTo("3 ./p\nscript ./s\n1 " + lab.mountpoint + "/" + name + "/p\n");
        // A library that is mapped, as programs are.
        sh("cc -shared -fPIC -x c -o l.so - <<'EOF'\nint f(void) { return 42; }\nEOF\n"
                + "cc -o q -x c - -x none ./l.so <<'EOF'\nint f(void); int main(void) { return f(); }\nEOF\n"
                + "LD_LIBRARY_PATH=. ./q || test $? = 42");
        Peer peer = peer();
        sh("printf %04096d 0 > m");
        assertThat(peer.ask("open 10 m rw")).isEqualTo("ok");
        assertThat(peer.ask("map 10 4096 shared")).isEqualTo("ok");
        assertThat(peer.ask("poke 100 hello")).isEqualTo("ok");
        assertThat(peer.ask("read 10 99 7")).isEqualTo("=0hello0");
        assertThat(peer.ask("write 10 0 begin")).isEqualTo("ok");
        assertThat(peer.ask("peek 0 6")).isEqualTo("=begin0");
        assertThat(peer.ask("unmap")).isEqualTo("ok");
        assertThat(peer.ask("close 10")).isEqualTo("ok");
        assertThat(Files.readString(disk.resolve("m"))).startsWith("begin0").contains("0hello0");
    }

    @Test
    void setUidProgramsHaveNoEffect() throws IOException {
        Files.copy(Path.of("/usr/bin/id"), disk.resolve("id"));
        Tools.run(disk, "chmod", "4755", "id");
        assertThat(sh("./id -u")).isEqualTo(ALICE + "\n");
    }

    @Test
    void writingTakesTheSetUidBitAway() throws IOException {
        sh("echo x > f; chmod 6755 f; echo y >> f");
        assertThat(Tools.run(disk, "stat", "-c", "%a", "f")).isEqualTo("755\n");
    }

    @Test
    void sizesAndHoles() throws IOException {
        Peer peer = peer();
        sh("printf begin > sparse; truncate -s 5G sparse; printf end >> sparse; stat -c %s sparse");
        assertThat(Files.size(disk.resolve("sparse"))).isEqualTo((5L << 30) + 3);
        assertThat(peer.ask("open 10 sparse rw")).isEqualTo("ok");
        assertThat(peer.ask("read 10 " + (5L << 30) + " 10")).isEqualTo("=end");
        assertThat(Long.parseLong(peer.ask("hole 10 0"))).isBetween(4096L, 1L << 20);
        assertThat(peer.ask("write 10 " + (3L << 30) + " middle")).isEqualTo("ok");
        assertThat(sh("du -k sparse | cut -f 1").strip().length()).isLessThan(6);
        assertThat(sh("dd if=sparse bs=1M skip=3072 count=1 2> /dev/null | head -c 6"))
                .isEqualTo("middle");
        sh("truncate -s 3 sparse; test \"$(cat sparse)\" = beg");
        assertThat(peer.ask("allocate 10 10000")).isEqualTo("ok");
        assertThat(peer.ask("fsize 10")).isEqualTo("10000");
        sh(
                "yes | head -c 30000000 > big; cp big copy; cmp big copy; cat big copy | wc -c > n; test $(cat n) = 60000000; sync big");
        assertThat(Tools.run(disk, "cmp", "big", "copy")).isEmpty();
    }

    @Test
    void severalWritersAppend() throws IOException {
        sh("for w in 1 2 3 4; do (for i in $(seq 200); do echo $w-$i >> log; done) & done; wait");
        assertThat(Files.readAllLines(disk.resolve("log"))).hasSize(800).doesNotHaveDuplicates();
    }

    @Test
    void locksAreBetweenProcesses() throws IOException {
        assertThat(sh("exec 9> lock; flock 9; ! flock -n lock true; flock -u 9; flock -n lock echo free"))
                .isEqualTo("free\n");
    }

    @Test
    void namesAreBytes() throws IOException {
        String odd = "a b\tc\n'\"\\\u00e4\u00ff$(x)*[-";
        Path script = Files.createTempFile(lab.directory, "odd", ".sh");
        Files.write(
                script,
                Bytes.toBytes("cd \"$P/" + name + "\"; n=" + Tools.quoted(odd)
                        + "; echo x > \"$n\"; mkdir \"$n.d\"; mv \"$n\" \"$n.d/$n\""
                        + "; ln -s \"$n\" \"$n.d/l\"; cat \"$n.d/l\"; ls -A"));
        Tools.run(lab.directory, "chmod", "644", script.toString());
        assertThat(sh(". " + script)).isEqualTo("x\n" + odd + ".d\n");
        String longest = "n".repeat(255);
        sh("echo x > " + longest + "; cat " + longest + "; ! echo x > " + longest + "n 2> /dev/null");
    }

    @Test
    void largeDirectories() throws IOException {
        sh(
                "seq 10000 | xargs touch; test $(ls | wc -l) = 10000; ls | sort -n | tail -1 > ../last; test $(cat ../last) = 10000");
        Peer peer = peer();
        assertThat(peer.ask("list .")).isEqualTo("10000 0");
        sh(
                "find . -name '*7' -delete; test $(ls | wc -l) = 9000; find . -type f -size 0 | wc -l > ../n; test $(cat ../n) = 9000");
        sh("rm -r ../" + name);
    }

    @Test
    void deepTrees() throws IOException {
        sh(
                "d=; for i in $(seq 300); do d=${d}dir/; done; mkdir -p $d; echo bottom > ${d}f; cat ${d}f; test $(find . | wc -l) = 302");
        Peer peer = peer();
        for (int i = 0; i < 1200; i++) {
            assertThat(peer.ask("mkdir deeper")).isEqualTo("ok");
            assertThat(peer.ask("cd deeper")).isEqualTo("ok");
        }
        assertThat(peer.ask("list .")).as("longer than a path may be").isEqualTo("0 0");
        sh("rm -r deeper dir; test -z \"$(ls -A)\"");
    }

    @Test
    void manyAtOnce() throws IOException {
        assertThat(
                        sh(
                                "for j in 1 2 3 4 5 6 7 8; do (for i in $(seq 60); do mkdir $j.$i; echo $j$i > $j.$i/f; cat $j.$i/f > $j.$i/g;"
                                        + " mv $j.$i/g $j.$i/h; cmp $j.$i/f $j.$i/h; rm $j.$i/f; done) & done; wait; find . -type f | wc -l"))
                .isEqualTo("480\n");
    }

    @Test
    void pipesAndSocketsWorkBetweenProcesses() throws IOException {
        assertThat(sh("mkfifo p; echo through > p & cat p")).isEqualTo("through\n");
    }

    /** What the kernel has forgotten is closed, however it was looked at. */
    @Test
    void nothingStaysOpen() throws IOException {
        long server =
                new RunFiles(lab.run(), lab.mountpoint).process().orElseThrow().pid();
        Path open = Path.of("/proc/" + server + "/fd");
        long before = count(open);
        sh(
                "mkdir -p a/b; seq 500 | sed 's,^,a/b/,' | xargs touch; cat a/b/*; ls -lR; find . -exec stat {} + > /dev/null");
        assertThat(count(open)).isGreaterThanOrEqualTo(before + 500);
        sh("rm -r a");
        await().untilAsserted(() -> assertThat(count(open)).isLessThan(before + 100));
    }

    private static long count(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.count();
        }
    }
}
