package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.Op;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches where the disk becomes full in the middle of something. */
class CachesTest {
    @TempDir
    Path root;

    private Op.User.Ids user;
    private boolean full;
    private Owner owner;
    private Caches caches;

    @BeforeEach
    void open() throws IOException {
        user = new Op.User.Ids((int) Files.getAttribute(root, "unix:uid"), (int) Files.getAttribute(root, "unix:gid"));
        for (String place : List.of("cache", "cache-tmp", "state/caches", "state/locks", "state/owners")) {
            Files.createDirectories(root.resolve(place));
        }
        owner = new Owner(root.resolve("state/owners"));
        caches = new Caches(root, owner, CacheNames.PLAIN, new PlainTrees(new SystemCommands()) {
            @Override
            public void copy(Path tree, Path copy, String what) throws IOException {
                super.copy(tree, copy, what);
                failIfFull();
            }

            @Override
            public void place(Path tree, Path place) throws IOException {
                failIfFull();
                super.place(tree, place);
            }
        });
    }

    private void failIfFull() throws IOException {
        if (full) {
            throw new IOException("the disk is full");
        }
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
    }

    @Test
    void aHalfCopyIsNotLeft() throws IOException {
        try (Store.CacheDraft cache = caches.draft("c", user)) {
            cache.publish();
        }
        full = true;
        assertThatThrownBy(() -> caches.draft("c", user)).hasMessage("the disk is full");
        assertThat(root.resolve("cache-tmp")).isEmptyDirectory();
    }

    @Test
    void aVersionThatCannotBeReplacedIsNotLeft() throws IOException {
        try (Store.CacheDraft cache = caches.draft("c", user)) {
            cache.publish();
        }
        try (Store.CacheDraft cache = caches.draft("c", user)) {
            full = true;
            assertThatThrownBy(cache::publish).hasMessage("the disk is full");
        }
        assertThat(root.resolve("cache-tmp")).isEmptyDirectory();
    }
}
