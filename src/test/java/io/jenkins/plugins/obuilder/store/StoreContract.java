package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileKind;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every store promises, tried on the real thing. */
@SuppressWarnings("try") // locks are held, not used
abstract class StoreContract extends BusyContract {
    /** How many snapshots are built on one another. */
    int deep() {
        return Integer.getInteger("obuilder.deep", 300);
    }

    @Test
    void works() throws IOException {
        assertThat(store.whyUnsupported()).isEmpty();
        assertThat(store.isMadeByReference()).isFalse();
        assertThat(store.list()).isEmpty();
        assertThat(store.find(id(1))).isEmpty();
    }

    @Test
    void keepsWhatIsCommitted() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "one"));
        Store.Snapshot found = store.find(id(1)).orElseThrow();
        assertThat(found.parent()).isEmpty();
        assertThat(Files.readString(found.log())).isEqualTo("log of 1");
        assertThat(Files.readString(found.env())).isEqualTo("((env ()))");
        assertThat(read(id(1), "file")).isEqualTo("one");
        assertThat(store.list()).containsExactly(id(1));
        store.close();
        store = open(root);
        assertThat(read(id(1), "file")).isEqualTo("one");
    }

    @Test
    void discardsWhatIsNot() throws Exception {
        try (Store.Draft draft = store.begin(id(1), Optional.empty())) {
            Files.writeString(draft.rootfs().resolve("file"), "one");
        }
        assertThat(store.find(id(1))).isEmpty();
        build(1, null, rootfs -> assertThat(rootfs.resolve("file")).doesNotExist());
        try (Store.Draft draft = store.begin(id(2), Optional.of(id(1)))) {
            Files.writeString(draft.rootfs().resolve("file"), "two");
        }
        assertThat(store.find(id(2))).isEmpty();
        assertThat(store.repair()).isEmpty();
    }

    @Test
    void buildsOnSnapshotsWithoutChangingThem() throws Exception {
        build(1, null, rootfs -> sh(rootfs, "mkdir d; echo one > d/one; echo kept > kept; echo x > gone"));
        build(2, 1, rootfs -> sh(rootfs, "echo two > d/two; echo changed >> d/one; rm gone"));
        build(3, 2, rootfs -> sh(rootfs, "cat d/one d/two kept; rm -rf d; mkdir d; echo three > d/three"));
        assertThat(names(id(1), "d")).containsExactly("one");
        assertThat(read(id(1), "d/one")).isEqualTo("one\n");
        assertThat(names(id(1), ".")).contains("gone");
        assertThat(names(id(2), "d")).containsExactly("one", "two");
        assertThat(read(id(2), "d/one")).isEqualTo("one\nchanged\n");
        assertThat(names(id(2), ".")).doesNotContain("gone");
        assertThat(names(id(3), "d")).as("after rm -rf d && mkdir d").containsExactly("three");
        assertThat(read(id(3), "kept")).isEqualTo("kept\n");
        assertThat(Files.readString(store.find(id(3)).orElseThrow().env())).isEqualTo("((env ()))");
        assertThat(store.find(id(3)).orElseThrow().parent()).contains(id(2));
    }

    @Test
    void keepsEverythingOfAFile() throws Exception {
        build(1, null, rootfs -> {
            sh(
                    rootfs,
                    "echo x > setuid; chown 12:34 setuid; chmod 6755 setuid; ln setuid linked; mkfifo pipe; mknod null c 1 3;"
                            + " setfattr -n user.odd -v 0x00ff00 setuid; touch -d '2001-02-03 04:05:06.789' setuid;"
                            + " cp /bin/true capable; setcap cap_net_raw+ep capable; ln -s nowhere dangling;"
                            + " truncate -s 1M sparse; mkdir acl; setfacl -m u:12:rwx acl; chmod 1777 .");
            try (Dir dir = Dir.open(rootfs)) {
                dir.createFile("-\n\u00ff", 0600).close();
            }
        });
        build(2, 1, rootfs -> Files.writeString(rootfs.resolve("another"), ""));
        try (Store.View one = store.open(id(1));
                Store.View two = store.open(id(2))) {
            sh(
                    two.rootfs(),
                    "[ \"$(stat -c %u:%g:%a:%h:%y setuid)\" = \"$(stat -c %u:%g:%a:%h:%y '" + one.rootfs()
                            + "/setuid')\" ]; [ setuid -ef linked ]; [ -p pipe ]; [ -c null ];"
                            + " getcap capable | grep -q cap_net_raw; [ $(readlink dangling) = nowhere ];"
                            + " [ $(stat -c %b sparse) -lt 16 ]; getfacl -cn acl | grep -q user:12:rwx; [ $(stat -c %a .) = 1777 ]");
            try (Dir dir = Dir.open(two.rootfs())) {
                assertThat(dir.stat("-\n\u00ff")).isPresent();
                assertThat(dir.stat("null").orElseThrow().kind()).isEqualTo(FileKind.CHARACTER_DEVICE);
                Map<String, byte[]> attributes = dir.xattrs("setuid").all();
                assertThat(attributes).containsEntry("user.odd", new byte[] {0, (byte) 0xff, 0});
            }
        }
    }

    /** A tool that compares times by their seconds would take what it has just made for up to date. */
    @Test
    void keepsTimesThatBeginWithTheSecondInWhichItWorks() throws Exception {
        build(
                1,
                null,
                rootfs -> sh(
                        rootfs,
                        "now=$(date +%s); for i in 0 1 2 3 4 5 6 7 8 9; do mkdir d$i; ln -s x l$i;"
                                + " touch -h -d @$((now + i))." + fractionOfSecond() + " d$i l$i; done"));
        build(2, 1, rootfs -> Files.writeString(rootfs.resolve("another"), ""));
        try (Store.View two = store.open(id(2))) {
            sh(two.rootfs(), "[ $(stat -c %y d? l? | grep -c '[.]" + fractionOfSecond() + " ') = 20 ]");
        }
    }

    /** Nine digits of a time that the file system can keep. */
    String fractionOfSecond() {
        return "123456789";
    }

    @Test
    void goesDeep() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("counter"), "1"));
        for (int n = 2; n <= deep(); n++) {
            String own = Integer.toString(n);
            build(n, n - 1, rootfs -> {
                Files.writeString(rootfs.resolve("file" + own), own);
                Files.writeString(rootfs.resolve("counter"), own);
            });
        }
        assertThat(read(id(deep()), "counter")).isEqualTo(Integer.toString(deep()));
        assertThat(names(id(deep()), ".")).hasSize(deep());
    }

    @Test
    void saysWhenABaseIsMissing() {
        assertThatThrownBy(() -> store.begin(id(2), Optional.of(id(1))))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot build on the snapshot " + id(1));
    }

    @Test
    void deletesWithAllThatWasBuiltOnIt() throws Exception {
        build(1, null, rootfs -> {});
        build(2, 1, rootfs -> {});
        build(3, 2, rootfs -> {});
        build(4, 1, rootfs -> {});
        List<SnapshotId> deleted = new ArrayList<>();
        store.deleteAll(id(2), deleted::add);
        assertThat(deleted).containsExactly(id(3), id(2));
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(4));
        assertThat(store.index().row(id(1)).orElseThrow().children()).isEqualTo(1);
        assertThatThrownBy(() -> store.deleteAll(id(2), deleted::add)).hasMessageContaining("there is no snapshot");
    }

    @Test
    void addsRowsThatAreMissing() throws Exception {
        build(1, null, rootfs -> {});
        build(2, 1, rootfs -> {});
        store.close();
        sh(root, "rm state/db/*");
        store = open(root);
        assertThat(store.find(id(2))).isPresent();
        assertThat(store.index().row(id(2)).orElseThrow().parent()).contains(id(1));
        assertThat(store.index().row(id(1)).orElseThrow().children()).isEqualTo(1);
    }

    @Test
    void makesADamagedIndexAnewAfterARestartOfTheSystem() throws Exception {
        build(1, null, rootfs -> {});
        build(2, 1, rootfs -> {});
        store.close();
        sh(
                root,
                "dd if=/dev/zero of=state/db/db.sqlite bs=1k seek=1 count=3 conv=notrunc; echo other > state/db/checked");
        store = open(root);
        assertThat(store.find(id(2))).isPresent();
        assertThat(store.index().row(id(2)).orElseThrow().parent()).contains(id(1));
        assertThat(root.resolve("state/db/db.sqlite.damaged")).exists();
    }

    @Test
    void rebuildingALostResultDoesNotPinItsParent() throws Exception {
        build(1, null, rootfs -> {});
        build(2, 1, rootfs -> {});
        store.delete(id(2)).close();
        build(2, 1, rootfs -> {});
        assertThat(store.index().row(id(1)).orElseThrow().children()).isEqualTo(1);
    }

    @Test
    void replacesCaches() throws Exception {
        try (Store.CacheDraft cache = store.cache("dl", USER)) {
            assertThat(Files.getAttribute(cache.directory(), "unix:uid")).isEqualTo(1234);
            sh(cache.directory(), "mkdir d; echo one > d/one");
            cache.publish();
        }
        try (Store.CacheDraft cache = store.cache("dl", USER)) {
            sh(cache.directory(), "cat d/one; rm -rf d; mkdir d; echo two > d/two");
            cache.publish();
        }
        try (Store.CacheDraft cache = store.cache("dl", USER)) {
            sh(cache.directory(), "[ \"$(ls d)\" = two ]; echo dropped > d/three");
        }
        try (Store.CacheDraft first = store.cache("dl", USER);
                Store.CacheDraft second = store.cache("dl", USER)) {
            sh(first.directory(), "echo first > who");
            sh(second.directory(), "[ ! -e d/three ]; echo second > who");
            second.publish();
            first.publish();
        }
        try (Store.CacheDraft cache = store.cache("dl", USER)) {
            assertThat(Files.readString(cache.directory().resolve("who"))).isEqualTo("second\n");
        }
        store.deleteCache(store.caches().iterator().next());
        assertThat(store.caches()).isEmpty();
    }

    @Test
    void takesAnyNameForACache() throws Exception {
        List<String> hostile = List.of(
                "../../escaped",
                "",
                ".",
                "..",
                "a/b",
                "x".repeat(5000),
                "\u00ff",
                "\u00c3\u00a9",
                ".git",
                "%",
                "%41",
                "a\n",
                "\nb",
                "\u00ab",
                "A",
                "a",
                "b",
                "b.cache",
                "b.builder");
        for (String name : hostile) {
            try (Store.CacheDraft cache = store.cache(name, USER)) {
                assertThat(cache.directory().resolve("mark")).doesNotExist();
                Files.writeString(cache.directory().resolve("mark"), name);
                cache.publish();
            }
        }
        assertThat(store.caches()).hasSameSizeAs(hostile);
        assertThat(root.resolveSibling("escaped")).doesNotExist();
    }

    @Test
    void oneBuildPerId() throws Exception {
        try (BuildLocks.Held held = store.locks().lock(id(1), new Cancellation())) {
            held.announce(Path.of("/some/log"));
            assertThat(store.locks().tryLock(id(1))).isEmpty();
            assertThat(store.locks().builder(id(1)).orElseThrow().log()).isEqualTo(Path.of("/some/log"));
            assertThat(store.locks().tryLock(id(2))).isPresent().get().satisfies(other -> other.close());
        }
        assertThat(store.locks().builder(id(1))).isEmpty();
        try (BuildLocks.Held again = store.locks().tryLock(id(1)).orElseThrow()) {
            Cancellation cancellation = new Cancellation();
            cancellation.cancel("enough");
            assertThatThrownBy(() -> store.locks().lock(id(1), cancellation)).hasMessageContaining("enough");
        }
    }

    @Test
    void repairsWhatAKilledProcessLeftAndHarmsNoLiveOne() throws Exception {
        build(1, null, rootfs -> Files.writeString(rootfs.resolve("file"), "one"));
        Process killed = StoreProcess.holdingADraft(name(root), id(2), id(1));
        Process living = StoreProcess.holdingADraft(name(root), id(3), id(1));
        try {
            killed.destroyForcibly();
            assertThat(killed.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(store.repair()).isNotEmpty();
            assertThat(store.repair()).isEmpty();
            try (Stream<Path> locks = Files.list(root.resolve("state/locks"))) {
                assertThat(locks.map(Path::getFileName).map(Path::toString))
                        .containsExactlyInAnyOrder(id(3).hex(), id(3).hex() + ".builder");
            }
            living.getOutputStream().write('\n');
            living.getOutputStream().close();
            assertThat(living.waitFor()).isZero();
        } finally {
            killed.destroyForcibly();
            living.destroyForcibly();
        }
        assertThat(store.list()).containsExactlyInAnyOrder(id(1), id(3));
        assertThat(read(id(3), "by another process")).isEqualTo("done");
        assertThat(store.index().row(id(1)).orElseThrow().children()).isEqualTo(1);
    }

    /** What was made before its draft could be: taken over where it lies on the same file system, otherwise left to be read. */
    @Test
    void takesOverWhatWasMadeAhead() throws Exception {
        build(1, null, rootfs -> sh(rootfs, "echo one > file; mkdir d; chmod 1777 ."));
        Optional<Store.Ahead> made = store.makeAhead();
        if (made.isEmpty()) {
            return; // this store's drafts take nothing over
        }
        try (Store.Ahead ahead = made.get()) {
            Files.writeString(ahead.directory().resolve("early"), "early");
            assertThat(store.repair()).as("its owner lives").isEmpty();
            try (Store.Draft draft = store.begin(id(2), Optional.of(id(1)))) {
                boolean taken = draft.take(ahead);
                Path there = draft.rootfs().resolve(ahead.directory().getFileName());
                assertThat(Files.exists(there)).isEqualTo(taken);
                Path early = (taken ? there : ahead.directory()).resolve("early");
                assertThat(early).hasContent("early");
                if (taken) {
                    sh(draft.rootfs(), "mv '" + early + "' d/early; rmdir '" + there + "'");
                } else {
                    sh(draft.rootfs(), "cp '" + early + "' d/early");
                }
                Files.writeString(draft.log(), "");
                draft.commit();
            }
        }
        assertThat(read(id(2), "d/early")).isEqualTo("early");
        assertThat(read(id(2), "file")).isEqualTo("one\n");
        assertThat(names(id(2), ".")).containsExactlyInAnyOrder("file", "d");
        try (Store.View two = store.open(id(2))) {
            sh(two.rootfs(), "[ $(stat -c %a .) = 1777 ]");
        }
        try (Store.Ahead inVain = store.makeAhead().orElseThrow()) {
            Files.writeString(inVain.directory().resolve("early"), "early");
        }
        String left = store.makeAhead().orElseThrow().directory().toString();
        store.close();
        store = open(root);
        assertThat(store.repair()).as("left by a process that ended").containsExactly(left);
    }

    @Test
    void refusesADirectoryThatIsNoStore() throws IOException {
        Path other = Files.createDirectory(root.resolveSibling("other"));
        Files.writeString(other.resolve("precious"), "");
        assertThatThrownBy(() -> open(other)).hasMessageContaining("neither a store nor empty");
    }

    @Test
    void refusesAStoreOfAnotherVersion() throws IOException {
        store.close();
        Files.writeString(root.resolve("state/format"), "version=2\nkind=x\n");
        assertThatThrownBy(() -> open(root)).hasMessageContaining("its version is \"2\"");
    }
}
