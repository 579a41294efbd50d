package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import io.jenkins.plugins.obuilder.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The options that say what is to be built: the same for {@code build} and {@code plan}. */
final class BuildSettings {
    @Mixin
    private SpecFile spec;

    @Mixin
    private SecretOptions secrets;

    @Mixin
    private IdentityOption identity;

    @Mixin
    private EventsOption events;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            defaultValue = ".",
            description = "The build context: what copy reads (default: the current directory).")
    private Path context;

    /** Reads spec and secrets and looks at the context. */
    BuildRequest read(Optional<Store> store) throws UserException, SpecException {
        return read(store, Optional.empty());
    }

    /** The same for a program, whose request has spec and secrets. */
    BuildRequest read(Optional<Store> store, Optional<StandardRequest> standard) throws UserException, SpecException {
        SpecReader.Result read = spec.read(standard);
        return new BuildRequest(
                read.spec(), Optional.of(read.source()), directory(), values(standard), identity.on(store));
    }

    private Path directory() throws UserException {
        if (!Files.isDirectory(context)) {
            throw UserException.usage("the build context " + context
                    + (Files.exists(context) ? " is not a directory" : " does not exist"));
        }
        return context.toAbsolutePath();
    }

    /**
     * What is to be built, for whoever builds it in another process.
     *
     * @param specName what messages call the spec
     */
    record ForRoot(StandardRequest request, String specName, Path context) {}

    /** Reads spec and secrets and looks at the context; finds what is wrong with them here, where the files are. */
    ForRoot forRoot(Optional<StandardRequest> standard) throws UserException, SpecException {
        byte[] text = spec.text(standard);
        SpecReader.readWithSource(text, spec.name(standard));
        StandardRequest request = new StandardRequest(
                standard.map(StandardRequest::token).orElse(""),
                text,
                values(standard),
                standard.map(StandardRequest::hidden).orElse(List.of()));
        return new ForRoot(request, spec.name(standard), directory());
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

    boolean json() {
        return events.json();
    }
}
