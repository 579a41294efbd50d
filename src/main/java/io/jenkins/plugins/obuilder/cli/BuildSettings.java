package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BaseIdentity;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import io.jenkins.plugins.obuilder.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that say what is to be built: the same for {@code build} and {@code plan}. */
final class BuildSettings {
    @Mixin
    private SpecFile spec;

    @Mixin
    private SecretOptions secrets;

    @Option(
            names = "--base-identity",
            paramLabel = "name|content",
            description =
                    "What a base image is known by in ids: its name, as the reference does it, or its digest, the sandbox and the"
                            + " host (default: name for a store that the reference made, else content).")
    private BaseIdentity identity;

    @Option(
            names = "--events",
            paramLabel = "text|jsonl",
            defaultValue = "text",
            description =
                    "How to tell: for people, or a JSON object a line (docs/events.md; default: ${DEFAULT-VALUE}).")
    private EventFormat events;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The build context: what copy reads (default: the current directory).")
    private Path context;

    /** How a command tells what it does. */
    enum EventFormat {
        TEXT,
        JSONL
    }

    /** Reads spec and secrets and looks at the context. */
    BuildRequest read(Optional<Store> store) throws UserException, SpecException {
        return read(store, Optional.empty());
    }

    /** The same for a program, whose request has spec and secrets. */
    BuildRequest read(Optional<Store> store, Optional<StandardRequest> standard) throws UserException, SpecException {
        SpecReader.Result read = spec.read(standard);
        if (!Files.isDirectory(context)) {
            throw UserException.usage("the build context " + context
                    + (Files.exists(context) ? " is not a directory" : " does not exist"));
        }
        return new BuildRequest(
                read.spec(), Optional.of(read.source()), context.toAbsolutePath(), values(standard), identity(store));
    }

    /** Finds what is wrong with the options before anything is done. */
    void check(Optional<StandardRequest> standard) throws UserException {
        spec.check(standard);
    }

    private Map<String, byte[]> values(Optional<StandardRequest> standard) throws UserException {
        Map<String, byte[]> values = new HashMap<>(secrets.read());
        standard.ifPresent(request -> values.putAll(request.secrets()));
        return values;
    }

    private BaseIdentity identity(Optional<Store> store) {
        if (identity != null) {
            return identity;
        }
        return store.isPresent() && store.get().isMadeByReference() ? BaseIdentity.NAME : BaseIdentity.CONTENT;
    }

    boolean json() {
        return events == EventFormat.JSONL;
    }
}
