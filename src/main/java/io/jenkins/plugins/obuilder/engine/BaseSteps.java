package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.image.Image;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.EnvVar;
import io.jenkins.plugins.obuilder.spec.SavedEnv;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.spec.SnapshotIds;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the steps of {@code from} operations. Each image is opened once, however many stages start from it. Thread-safe. */
final class BaseSteps {
    private final BaseImages images;
    private final BaseIdentity identity;
    private final String sandboxKind;
    private final List<SnapshotIds.Fact> facts;
    private final Map<String, Image> opened = new HashMap<>();

    /** @param facts what else of the host a base by content depends on */
    BaseSteps(BaseImages images, BaseIdentity identity, String sandboxKind, List<SnapshotIds.Fact> facts) {
        this.images = images;
        this.identity = identity;
        this.sandboxKind = sandboxKind;
        this.facts = List.copyOf(facts);
    }

    FromStep step(String base) throws IOException {
        SnapshotId id = identity == BaseIdentity.NAME
                ? SnapshotIds.baseByName(base)
                : SnapshotIds.baseByContent(image(base).identity(), sandboxKind, facts);
        return new FromStep(base, StepId.of(id), this::image);
    }

    /** The environment saved beside the snapshot or, while there is none, the image's. */
    List<EnvVar> env(FromStep from, Optional<Store> store) throws IOException {
        Optional<Store.Snapshot> snapshot =
                store.isPresent() ? store.get().find(from.id().known()) : Optional.empty();
        if (snapshot.isEmpty()) {
            return image(from.name()).env();
        }
        String file = snapshot.get().env().toString();
        try {
            return SavedEnv.read(Files.readAllBytes(snapshot.get().env()), file);
        } catch (SpecException e) {
            throw new IOException(
                    "cannot read the environment of the base image \"" + Bytes.toText(from.name()) + "\": "
                            + e.getMessage(),
                    e);
        }
    }

    private synchronized Image image(String name) throws IOException {
        Image image = opened.get(name);
        if (image == null) {
            image = images.open(name);
            opened.put(name, image);
        }
        return image;
    }
}
