package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who owns what is temporary in a store, and whether he lives. */
class OwnerTest {
    @TempDir
    Path directory;

    @Test
    void whoComesWhileOthersLookRoundIsAlive() throws IOException {
        try (Owner looking = new Owner(directory)) {
            Owner.Mortality dead = looking.dead();
            String temporary;
            try (Owner newcomer = new Owner(directory)) {
                temporary = newcomer.newName();
                assertThat(dead.isDead(temporary)).isFalse();
            }
            assertThat(looking.dead().isDead(temporary)).isTrue();
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void oneIsAliveToOneself() throws IOException {
        try (Owner owner = new Owner(directory)) {
            String temporary = owner.newName();
            assertThat(owner.dead().isDead(temporary)).isFalse();
        }
    }

    @Test
    void namesThatAreNobodysBelongToTheDead() throws IOException {
        try (Owner owner = new Owner(directory)) {
            assertThat(owner.dead().isDead("0-cache")).isTrue();
            assertThat(owner.dead().isDead("0123456789ab-1")).isTrue();
            assertThat(directory).isEmptyDirectory();
        }
    }

    /** Looking whether a lock is free takes it for a moment. */
    @Test
    void nobodyIsKeptFromComingByThoseWhoLook() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch start = new CountDownLatch(1);
            Callable<Boolean> coming = () -> {
                start.await();
                for (int i = 0; i < 200; i++) {
                    try (Owner owner = new Owner(directory)) {
                        owner.newName();
                        if (owner.dead().isDead(owner.newName())) {
                            return false;
                        }
                    }
                }
                return true;
            };
            List<Future<Boolean>> all =
                    Stream.generate(() -> threads.submit(coming)).limit(8).toList();
            start.countDown();
            for (Future<Boolean> one : all) {
                assertThat(one.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
