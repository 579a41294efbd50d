package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreFormatTest {
    private static final int OPENERS = 4;
    private static final int ROUNDS = 250;

    @TempDir
    Path directory;

    @Test
    void severalMayMakeTheSameStoreAtOnce() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(OPENERS);
        CyclicBarrier start = new CyclicBarrier(OPENERS);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Path root = directory.resolve("store" + round);
                List<Future<StoreFormat>> formats = new ArrayList<>();
                for (int opener = 0; opener < OPENERS; opener++) {
                    formats.add(pool.submit(openAndFill(root, start)));
                }
                for (Future<StoreFormat> format : formats) {
                    assertThat(format.get()).isEqualTo(new StoreFormat("rsync", false));
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Opens it, and at once makes what a store has besides its marker. */
    private static Callable<StoreFormat> openAndFill(Path root, CyclicBarrier start) {
        return () -> {
            start.await();
            StoreFormat format = StoreFormat.openOrMake(root, "rsync", place -> Optional.empty());
            Files.createDirectories(root.resolve("result"));
            Path database = root.resolve("state/db/db.sqlite");
            Files.createDirectories(database.getParent());
            Files.write(database, new byte[0]);
            return format;
        };
    }

    @Test
    void aDirectoryOfSomethingElseIsRefused() throws IOException {
        Files.writeString(directory.resolve("thesis.tex"), "");

        assertThatThrownBy(() -> StoreFormat.openOrMake(directory, "rsync", place -> Optional.empty()))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("neither a store nor empty");
        assertThat(directory.resolve("state")).doesNotExist();
    }
}
