package io.jenkins.plugins.obuilder.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.Stores;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large files are copied while they are hashed, before there is a draft. */
class EarlyCopiesTest {
    private static final SnapshotId BASE = new SnapshotId("1".repeat(64));
    private static final SnapshotId STEP = new SnapshotId("2".repeat(64));

    @TempDir
    Path temp;

    Path context;
    byte[] contents = new byte[(int) OpenFile.LARGE + 12_345];

    @BeforeEach
    void context() throws IOException {
        context = Files.createDirectory(temp.resolve("context"));
        new Random(1).nextBytes(contents);
        Files.write(context.resolve("large"), contents);
        Files.write(context.resolve("another"), contents);
        Files.writeString(context.resolve("small"), "small");
    }

    private Store store(String kind) throws IOException {
        Store store = Stores.open(kind + ":" + temp.resolve("store"), new SystemCommands());
        try (Store.Draft base = store.begin(BASE, Optional.empty())) {
            Files.writeString(base.rootfs().resolve("large"), "is replaced");
            Files.createFile(base.log());
            base.commit();
        }
        return store;
    }

    private CopyFiles.Listing list(Store store) throws IOException {
        return CopyFiles.ofThisMachine().listFor(store, context, List.of("."), List.of(), new Cancellation());
    }

    private static void write(CopyFiles.Listing listing, Path rootfs) throws IOException {
        int uid = (Integer) Files.getAttribute(rootfs, "unix:uid");
        int gid = (Integer) Files.getAttribute(rootfs, "unix:gid");
        listing.writeTo(rootfs, new Sandbox.CopyTarget("", uid, gid), true, new Cancellation());
    }

    private List<Path> early() throws IOException {
        try (Stream<Path> all = Files.walk(temp.resolve("store"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]")
                            && path.getParent().getFileName().toString().matches("[0-9a-f]{12}-[0-9]+"))
                    .toList();
        }
    }

    private static void step(Store store, CopyFiles.Listing listing, boolean take) throws IOException {
        try (Store.Draft draft = store.begin(STEP, Optional.of(BASE))) {
            Closeable handed = take ? listing.handTo(draft) : () -> {};
            write(listing, draft.rootfs());
            handed.close();
            assertThat(openBelow(draft.rootfs()))
                    .as("keeps it from being unmounted")
                    .isEmpty();
            Files.createFile(draft.log());
            draft.commit();
        }
    }

    /** What this process has open there. */
    private static List<Path> openBelow(Path directory) throws IOException {
        List<Path> open = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                open.add(Files.readSymbolicLink(descriptor));
            }
        }
        open.removeIf(path -> !path.startsWith(directory));
        return open;
    }

    private void isCopied(Store store) throws IOException {
        try (Store.View view = store.open(STEP)) {
            Tools.run(temp, "diff", "-r", "context", view.rootfs().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"overlayfs", "rsync"})
    @Needs({Need.PRIVATE_ROOT, Need.OVERLAYFS, Need.RSYNC})
    void areTakenOver(String kind) throws IOException {
        try (Store store = store(kind)) {
            try (CopyFiles.Listing listing = list(store)) {
                assertThat(early()).as("copies of both large files").hasSize(2);
                step(store, listing, true);
            }
            isCopied(store);
            assertThat(early()).isEmpty();
            assertThat(store.repair()).isEmpty();
        }
    }

    @Test
    @Needs(Need.RSYNC)
    void areReadWhereADraftCannotTakeThem() throws IOException {
        try (Store store = store("rsync")) {
            try (CopyFiles.Listing listing = list(store)) {
                step(store, listing, false);
            }
            isCopied(store);
            assertThat(early()).isEmpty();
        }
    }

    @Test
    @Needs(Need.RSYNC)
    void goWhenTheStepTurnsOutToBeThere() throws IOException {
        try (Store store = store("rsync")) {
            list(store).close();
            assertThat(early()).isEmpty();
            assertThat(store.repair()).isEmpty();
        }
    }

    @Test
    @Needs(Need.RSYNC)
    void ofAFileThatChangesAreAnErrorThatNamesIt() throws IOException {
        try (Store store = store("rsync");
                CopyFiles.Listing listing = list(store)) {
            FileTime time = Files.getLastModifiedTime(context.resolve("large"));
            contents[contents.length / 2]++;
            Files.write(context.resolve("large"), contents);
            Files.setLastModifiedTime(context.resolve("large"), time);
            assertThatThrownBy(() -> step(store, listing, true))
                    .hasMessageContaining("\"large\": it changed while it was being copied");
            assertThat(store.find(STEP)).isEmpty();
        }
    }

    @Test
    @Needs(Need.RSYNC)
    void ofAFileThatOnlyLooksChangedAreGood() throws IOException {
        try (Store store = store("rsync")) {
            try (CopyFiles.Listing listing = list(store)) {
                Files.setLastModifiedTime(context.resolve("large"), FileTime.fromMillis(0));
                step(store, listing, true);
            }
            isCopied(store);
        }
    }

    /** They would take the room that the rest of the machine needs, perhaps in vain. */
    @Test
    @Needs({Need.PRIVATE_ROOT, Need.RSYNC})
    void areNotMadeWhereRoomIsScarce() throws IOException {
        Files.delete(context.resolve("another"));
        Files.createDirectory(temp.resolve("store"));
        Tools.run(temp, "mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", "store");
        try (Store store = store("rsync")) {
            try (CopyFiles.Listing listing = list(store)) {
                assertThat(early()).isEmpty();
                step(store, listing, true);
            }
            isCopied(store);
        } finally {
            Tools.run(temp, "umount", "-l", "store");
        }
    }
}
