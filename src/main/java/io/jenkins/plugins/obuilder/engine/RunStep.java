package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.BuildContext;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import io.jenkins.plugins.obuilder.store.FullDisk;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a command. */
record RunStep(StepId id, Optional<SnapshotId> base, BuildContext context, Op.Run op, List<Sandbox.Secret> secrets)
        implements Step {
    static RunStep of(StepId base, BuildContext context, Op.Run op, Secrets secrets) {
        List<Sandbox.Secret> values = secrets.of(op);
        StepId id = base.then(
                before -> SnapshotIds.run(before, context, op.command(), op.network(), Secrets.mounted(values)));
        return new RunStep(id, base.id(), context, op, values);
    }

    @Override
    public void make(Store.Draft draft, Workshop workshop) throws IOException {
        if (!(context.user() instanceof Op.User.Ids user)) {
            throw new IOException(UNIX_USERS_ONLY);
        }
        List<String> argv = new ArrayList<>(context.shell());
        argv.add(op.command());
        Map<String, Store.CacheDraft> caches = new LinkedHashMap<>();
        try {
            List<Sandbox.CacheDirectory> mounts = new ArrayList<>();
            for (Op.CacheMount mount : op.caches()) {
                Store.CacheDraft cache = caches.get(mount.id());
                if (cache == null) {
                    cache = workshop.store().cache(mount.id(), user);
                    caches.put(mount.id(), cache);
                }
                mounts.add(new Sandbox.CacheDirectory(cache.directory(), mount.target()));
            }
            Sandbox.Command command = new Sandbox.Command(
                    argv, context.workdir(), context.env(), user, op.network().contains("host"), mounts, secrets);
            int status = run(command, draft, caches.values(), workshop);
            // What a failed command left in a cache is as good as what a successful one did; what a killed one left is
            // not, nor what lacks its second half.
            if (status == 0 || !FullDisk.isAt(workshop.store().root())) {
                for (Store.CacheDraft cache : caches.values()) {
                    cache.publish();
                }
            }
            if (status != 0) {
                throw FullDisk.explained(
                        new StepFailedException(status), workshop.store().root());
            }
        } finally {
            caches.values().forEach(workshop.clearUp());
        }
    }

    private static int run(
            Sandbox.Command command, Store.Draft draft, Collection<Store.CacheDraft> caches, Workshop workshop)
            throws IOException {
        try (StepWatch watch = new StepWatch(workshop.limits(), workshop.log(), workshop.cancellation())) {
            if (workshop.limits().disk().isEmpty()) {
                return run(command, draft.rootfs(), workshop, watch);
            }
            long most = workshop.limits().disk().getAsLong();
            try (DiskWatch disk = new DiskWatch(most, workshop.store(), draft, caches, watch::exceed)) {
                if (!workshop.sandbox().movesTrees()) {
                    disk.start();
                }
                int status = run(command.within(disk.limit()), draft.rootfs(), workshop, watch);
                Optional<String> failure = disk.verdict(status);
                if (failure.isPresent()) {
                    throw new StepFailedException(failure.get());
                }
                return status;
            }
        }
    }

    private static int run(Sandbox.Command command, Path rootfs, Workshop workshop, StepWatch watch)
            throws IOException {
        try {
            return workshop.sandbox().run(command, rootfs, watch.log(), watch.cancellation());
        } catch (Sandbox.CancelledException e) {
            if (watch.exceeded().isPresent() && !workshop.cancellation().isCancelled()) {
                throw new StepFailedException(watch.exceeded().get());
            }
            throw e;
        }
    }
}
