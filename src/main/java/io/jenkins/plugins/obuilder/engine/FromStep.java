package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.image.Image;
import io.jenkins.plugins.obuilder.image.Progress;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.SavedEnv;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** Unpacks a base image. */
record FromStep(String name, StepId id, BaseImages images) implements Step {
    @Override
    public Optional<SnapshotId> base() {
        return Optional.empty();
    }

    @Override
    public void make(Store.Draft draft, Workshop workshop) throws IOException {
        Image image = images.open(name);
        Files.write(draft.env(), Bytes.toBytes(SavedEnv.print(image.env())));
        image.unpack(draft.rootfs(), new Progress(workshop.progress(), workshop.cancellation()));
        workshop.sandbox().adopt(draft.rootfs());
    }
}
