package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import io.jenkins.plugins.obuilder.store.BuildLocks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An engine with a {@link DirectoryStore}, a {@link ScriptedSandbox} and one image, for tests of the engine's rules. */
final class Bench {
    final DirectoryStore store;
    final BuildLocks locks;
    final ScriptedSandbox sandbox = new ScriptedSandbox();
    final Map<String, byte[]> secrets = new HashMap<>();
    final Path context;
    final Cancellation cancellation = new Cancellation();
    final ByteArrayOutputStream text = new ByteArrayOutputStream();
    /** Looks at files for real, so that ids are right, but writes none: that takes root. */
    final CopyFiles copies = (root, sources, exclude, cancellation) -> {
        CopyFiles.Listing real = CopyFiles.ofThisMachine().list(root, sources, exclude, cancellation);
        return new CopyFiles.Listing() {
            @Override
            public List<Manifest> manifests() {
                return real.manifests();
            }

            @Override
            public void writeTo(Path rootfs, Sandbox.CopyTarget target, boolean intoDirectory, Cancellation stop) {}
        };
    };

    BaseImages images = name -> FakeImage.BUSYBOX;
    BuildOptions options = BuildOptions.defaults();
    BaseIdentity identity = BaseIdentity.NAME;

    /** Another build on the same store, as from another process. */
    Bench(Bench neighbour) {
        store = neighbour.store;
        locks = neighbour.locks;
        context = neighbour.context;
    }

    Bench(Path directory) throws IOException {
        store = new DirectoryStore(directory.resolve("store"));
        locks = new BuildLocks(Files.createDirectories(directory.resolve("locks")));
        context = Files.createDirectories(directory.resolve("context"));
    }

    /** Builds the spec; what it prints is added to {@link #text}. */
    BuildOutcome build(String spec) throws SpecException, BuildException {
        SpecReader.Result read = read(spec);
        return build(read, new TextEvents(read.spec(), text, false));
    }

    BuildOutcome build(SpecReader.Result read, BuildEvents events) throws BuildException {
        return builder().build(request(read), options, events, cancellation);
    }

    static SpecReader.Result read(String spec) throws SpecException {
        return SpecReader.readWithSource(spec.getBytes(UTF_8), "test.spec");
    }

    BuildRequest request(SpecReader.Result read) {
        return new BuildRequest(read.spec(), Optional.of(read.source()), context, secrets, identity);
    }

    Builder builder() {
        return new Builder(() -> store, locks, sandbox, images, copies);
    }

    String printed() {
        return text.toString(UTF_8);
    }
}
