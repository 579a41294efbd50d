package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every store promises besides: that a process that is killed costs nothing that was finished, and leaves nothing. */
abstract class KillContract extends StoreContract {
    /** Starts one that builds without end and tells of what it has made; it may delete and prune as well. */
    Process endless(long seed, Path output, boolean deleting) throws IOException {
        return deleting
                ? StoreStress.startEndlessDeleting(name(root), seed, output, false)
                : StoreStress.startEndless(name(root), seed, output, false);
    }

    /** Milliseconds after it has begun. */
    int latestKill() {
        return 500;
    }

    /** In turns, who is killed only builds, so that all of what it told of must be there, or deletes and prunes as well. */
    @Test
    void losesNothingWhenAProcessIsKilledAtAnyMoment() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int kills = Integer.getInteger("obuilder.store.kills", 5);
        int toldOf = 0;
        for (int round = 0; round < kills; round++) {
            Path output = Files.createTempFile(temp, "told", "");
            boolean deleting = round % 2 == 1;
            Process process = endless(seed + round, output, deleting);
            try {
                if (random.nextInt(4) > 0) {
                    await().atMost(Duration.ofMinutes(10)).until(() -> Files.size(output) > 0);
                }
                Thread.sleep(random.nextInt(latestKill()));
            } finally {
                process.destroyForcibly().waitFor();
            }
            // The last line may have been cut off.
            List<SnapshotId> told = Files.readAllLines(output).stream()
                    .filter(line -> line.length() == id(1).hex().length())
                    .map(SnapshotId::new)
                    .toList();
            toldOf += told.size();
            // A command that it had just started may hold its locks for a moment longer, and what is locked is alive.
            await().untilAsserted(() -> {
                store.repair();
                assertNothingTemporary();
            });
            if (!deleting) {
                assertThat(store.list()).as("seed " + seed).containsAll(told);
            }
            for (SnapshotId id : store.list()) {
                StoreStress.verify(store, id);
            }
            assertThat(store.snapshots()).as("seed " + seed).hasSameSizeAs(store.list());
            indexIsRight();
        }
        System.out.printf(
                "%s: %d kills, %d snapshots told of before them, %d there at the end; none lost or spoilt, nothing left%n",
                getClass().getSimpleName(), kills, toldOf, store.list().size());
    }

    void assertNothingTemporary() throws IOException {
        assertThat(Mounts.within(root)).isEmpty();
        for (String place :
                List.of("result-tmp", "in-progress", "merged", "work", "cache-tmp", "state/locks", "state/leases")) {
            if (Files.exists(root.resolve(place))) {
                assertThat(root.resolve(place)).isEmptyDirectory();
            }
        }
    }
}
