package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A real store for a test, and how tests fill it. */
abstract class StoreBench {
    static final Op.User.Ids USER = new Op.User.Ids(1234, 5678);

    @TempDir
    Path temp;

    Path root;
    SharedStore store;

    /** The store's name for a directory. */
    abstract String name(Path directory);

    /** A directory on the file system that the store is tried on. */
    Path place() {
        return temp;
    }

    /** An empty directory on a file system of a few hundred MB at most, where nobody else works. */
    Path smallPlace() throws IOException {
        Path place = Files.createDirectory(temp.resolve("small"));
        LinuxMounts.tmpfs(place, "size=200m");
        return place;
    }

    @BeforeEach
    void open() throws IOException {
        root = Files.createTempDirectory(place(), "test").resolve("a store");
        store = open(root);
    }

    SharedStore open(Path directory) throws IOException {
        return TestStores.open(name(directory));
    }

    @AfterEach
    void leavesNothingMounted() throws IOException {
        store.close();
        assertThat(Mounts.within(root)).isEmpty();
        Mounts.unmountAll(temp);
    }

    static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n));
    }

    interface Change {
        void in(Path rootfs) throws Exception;
    }

    SnapshotId build(int n, Integer base, Change change) throws Exception {
        try (Store.Draft draft = store.begin(id(n), Optional.ofNullable(base).map(StoreContract::id))) {
            change.in(draft.rootfs());
            Files.writeString(draft.log(), "log of " + n);
            if (base == null) {
                Files.writeString(draft.env(), "((env ()))");
            }
            draft.commit();
        }
        return id(n);
    }

    String read(SnapshotId id, String file) throws IOException {
        try (Store.View view = store.open(id)) {
            return Files.readString(view.rootfs().resolve(file));
        }
    }

    List<String> names(SnapshotId id, String directory) throws IOException {
        try (Store.View view = store.open(id);
                Stream<Path> files = Files.list(view.rootfs().resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    void sh(Path where, String script) throws IOException {
        new SystemCommands()
                .run(HostCommand.of("run a script", "sh", "-ec", script).in(where));
    }
}
