package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ids of what the conformance cases do not have. Each expected text is written by hand, after sexplib's rules. */
class SnapshotIdsTest {
    private static final SnapshotId BASE = SnapshotIds.baseByName("a b\u00ff");
    private static final Op.User ROOT = new Op.User.Ids(0, 0);
    private static final String SHA = TarManifests.sha256(Bytes.toBytes("x\n"));

    private static SnapshotId sha256(String byteString) {
        return new SnapshotId(TarManifests.sha256(Bytes.toBytes(byteString)));
    }

    @Test
    void aBaseByNameIsTheDigestOfTheName() {
        // printf 'a b\377' | sha256sum
        assertThat(BASE.hex()).isEqualTo("69e3b3bdf95442bc4f1c3836af3f999ab3ec98ced5414a72ff3ec7a6f77c0d73");
    }

    @Test
    void aRunOfOddBytes() {
        BuildContext context = new BuildContext(
                List.of(new EnvVar("A", ""), new EnvVar("PATH", "/bin"), new EnvVar("PATH", "/usr")),
                "/s p",
                List.of("sh", "-c"),
                new Op.User.Ids(7, 0));
        List<SnapshotIds.MountedSecret> secrets =
                List.of(new SnapshotIds.MountedSecret("", "/o ne"), new SnapshotIds.MountedSecret("s2\n", "/two"));
        String text = "((base " + BASE + ")(workdir\"/s p\")(user((uid 7)(gid 0)))(env((A\"\")(PATH /bin)(PATH /usr)))"
                + "(cmd\"\\255\\n\\t\\\\\\\"\")(shell(sh -c))(network(host))"
                + "(mount_secrets(((value\"s2\\n\")(target /two))((value\"\")(target\"/o ne\")))))";
        assertThat(SnapshotIds.run(BASE, context, "\u00ff\n\t\\\"", List.of("host"), secrets))
                .isEqualTo(sha256(text))
                .hasToString("8490bed4e71f7eb759b950429abaf4f06ae3ee726077c622965bfd58716c0386");
    }

    @Test
    void aRunOfNothing() {
        BuildContext context = new BuildContext(List.of(), "/", List.of(), new Op.User.Name("Zaphod"));
        assertThat(SnapshotIds.run(BASE, context, "", List.of(), List.of()))
                .isEqualTo(sha256("((base " + BASE + ")(workdir /)(user((name Zaphod)))(env())(cmd\"\")(shell())"
                        + "(network())(mount_secrets()))"));
    }

    @Test
    void aCopyOfOddNames() {
        List<Manifest> items = List.of(
                new Manifest.Dir(
                        "",
                        List.of(
                                new Manifest.File(".a", SHA, false),
                                new Manifest.Dir("b", List.of()),
                                new Manifest.Symlink("c", Bytes.ofText("toé")))),
                new Manifest.File("d/e", SHA, true));
        String text = "((base " + BASE + ")(user((uid 1)(gid 2)))(op(Copy_items(((Dir(\"\"((File(.a " + SHA
                + "))(Dir(b()))(Symlink(c\"to\\195\\169\")))))(File(d/e " + SHA + ")))\"/ /\"))))";
        Op.User user = new Op.User.Ids(1, 2);
        assertThat(SnapshotIds.copy(BASE, user, items, "/ /", false)).isEqualTo(sha256(text));
        assertThat(SnapshotIds.copy(BASE, user, items, "/ /", true))
                .isEqualTo(sha256(text.replace("(File(d/e", "(Executable(d/e")));
    }

    @Test
    void aCopyOfOneItemToANameOfItsOwn() {
        List<Manifest> items = List.of(new Manifest.Dir("#|x", List.of()));
        assertThat(SnapshotIds.copy(BASE, ROOT, items, "/x", false))
                .isEqualTo(sha256("((base " + BASE + ")(user((uid 0)(gid 0)))(op(Copy_item((Dir(\"#|x\"()))/x))))"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnapshotIds.copy(BASE, ROOT, List.of(items.get(0), items.get(0)), "/x", false));
        assertThatIllegalArgumentException().isThrownBy(() -> SnapshotIds.copy(BASE, ROOT, List.of(), "/x", false));
    }

    @Test
    void treesMayBeLargeAndDeep() {
        List<Manifest> files = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            files.add(new Manifest.File("f" + i, SHA, false));
            text.append("(File(f").append(i).append(' ').append(SHA).append("))");
        }
        String start = "((base " + BASE + ")(user((uid 0)(gid 0)))(op(Copy_item(";
        assertThat(SnapshotIds.copy(BASE, ROOT, List.of(new Manifest.Dir("", files)), "/d", false))
                .isEqualTo(sha256(start + "(Dir(\"\"(" + text + ")))/d))))"));

        int depth = 50_000;
        Manifest deep = new Manifest.Dir("d", List.of());
        for (int i = 1; i < depth; i++) {
            deep = new Manifest.Dir("d", List.of(deep));
        }
        assertThat(SnapshotIds.copy(BASE, ROOT, List.of(deep), "/d", false))
                .isEqualTo(sha256(start + "(Dir(d(".repeat(depth) + ")))".repeat(depth) + "/d))))"));
    }

    @Test
    void aBaseByContentIsWhatItIsMadeOf() {
        List<SnapshotIds.Fact> facts =
                List.of(new SnapshotIds.Fact("os", "Debian 12"), new SnapshotIds.Fact("arch", "amd64"));
        SnapshotId id = SnapshotIds.baseByContent("sha256:ab", "runc", facts);
        assertThat(id)
                .isEqualTo(
                        sha256("\0((content 1)(image sha256:ab)(sandbox runc)(facts((os\"Debian 12\")(arch amd64))))"));
        assertThat(SnapshotIds.baseByContent("sha256:ac", "runc", facts)).isNotEqualTo(id);
        assertThat(SnapshotIds.baseByContent("sha256:ab", "user", facts)).isNotEqualTo(id);
        assertThat(SnapshotIds.baseByContent("sha256:ab", "runc", facts.subList(0, 1)))
                .isNotEqualTo(id);
    }
}
