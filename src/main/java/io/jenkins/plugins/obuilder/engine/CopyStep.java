package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.BuildContext;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.CopyPaths;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Copies files from the build context or a nested build's result. Closing it closes the view of that result.
 *
 * @param listing what is copied, closed with the step; null when the id is not known, as only in a plan
 */
record CopyStep(
        StepId id,
        Optional<SnapshotId> base,
        BuildContext context,
        String destination,
        CopyFiles.Listing listing,
        Closeable source)
        implements Step, Closeable {

    /**
     * Where a copy reads from, for as long as it is open.
     *
     * @param shown what messages call it, if not by its path
     */
    record Source(Path root, Optional<String> shown, Closeable handle) {
        static Source ofContext(Path context) {
            return new Source(context, Optional.empty(), () -> {});
        }

        /** @param build its name, a byte string */
        static Source ofResult(String build, Store.View view) {
            return new Source(
                    view.rootfs(), Optional.of("the result of the build \"" + Bytes.toText(build) + "\""), view);
        }
    }

    /**
     * A step whose sources are there: looks at them and hashes them.
     *
     * @param store where it is going to be made; empty in a plan
     */
    static CopyStep of(
            StepId base,
            BuildContext context,
            Op.Copy op,
            Source source,
            CopyFiles files,
            Optional<Store> store,
            BaseIdentity identity,
            Cancellation cancellation)
            throws IOException {
        boolean listed = false;
        try {
            CopyFiles.Listing listing = store.isPresent()
                    ? files.listFor(store.get(), source.root(), op.sources(), op.exclude(), cancellation)
                    : files.list(source.root(), op.sources(), op.exclude(), cancellation);
            String destination = CopyPaths.destination(context.workdir(), op.destination());
            StepId id = base.then(before -> SnapshotIds.copy(
                    before, context.user(), listing.manifests(), destination, identity == BaseIdentity.CONTENT));
            listed = true;
            return new CopyStep(id, base.id(), context, destination, listing, source.handle());
        } catch (MissingSourceException e) {
            throw source.shown().isPresent()
                    ? e.within(source.root().toString(), source.shown().get())
                    : e;
        } finally {
            if (!listed) {
                source.handle().close();
            }
        }
    }

    /** A step of a plan whose sources are not there yet. */
    static CopyStep unknown(BuildContext context, String why) {
        return new CopyStep(StepId.unknown(why), Optional.empty(), context, "", null, () -> {});
    }

    @Override
    public void make(Store.Draft draft, Workshop workshop) throws IOException {
        if (!(context.user() instanceof Op.User.Ids user)) {
            throw new IOException(UNIX_USERS_ONLY);
        }
        Sandbox.CopyTarget target = workshop.sandbox().copyTarget(destination, user);
        Closeable handed = listing.handTo(draft);
        listing.writeTo(draft.rootfs(), target, CopyPaths.isDirectory(destination), workshop.cancellation());
        // Not if that failed: all of the draft goes then.
        handed.close();
    }

    @Override
    public void close() throws IOException {
        try (source) {
            if (listing != null) {
                listing.close();
            }
        }
    }
}
