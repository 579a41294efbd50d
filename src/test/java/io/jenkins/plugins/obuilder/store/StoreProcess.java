package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.spec.SnapshotId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A second JVM on a store: it begins a draft and a cache, says so, and commits when it is told to go on. */
@SuppressWarnings("try")
final class StoreProcess {
    private StoreProcess() {}

    static Process holdingADraft(String store, SnapshotId id, SnapshotId base) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StoreProcess.class.getName(),
                        store,
                        id.hex(),
                        base.hex())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() != '+') {
            process.destroyForcibly();
            throw new IOException("the second process did not begin its draft");
        }
        return process;
    }

    public static void main(String[] args) throws IOException {
        try (SharedStore store = TestStores.open(args[0]);
                BuildLocks.Held turn =
                        store.locks().tryLock(new SnapshotId(args[1])).orElseThrow();
                Store session = store.session();
                Store.CacheDraft cache = session.cache("cache", StoreBench.USER);
                Store.Draft draft = session.begin(new SnapshotId(args[1]), Optional.of(new SnapshotId(args[2])))) {
            turn.announce(draft.log());
            Files.writeString(draft.log(), "log");
            Files.writeString(cache.directory().resolve("file"), "contents");
            System.out.write('+');
            System.out.flush();
            if (System.in.read() == '\n') {
                Files.writeString(draft.rootfs().resolve("by another process"), "done");
                draft.commit();
            }
        }
    }
}
