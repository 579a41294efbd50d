package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.AgentConf.Entry;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Key;
import io.jenkins.plugins.obuilder.boundary.CallerConnection;
import io.jenkins.plugins.obuilder.boundary.CallerCopyFiles;
import io.jenkins.plugins.obuilder.boundary.CallerImages;
import io.jenkins.plugins.obuilder.boundary.Request;
import io.jenkins.plugins.obuilder.engine.BaseIdentity;
import io.jenkins.plugins.obuilder.engine.BaseImages;
import io.jenkins.plugins.obuilder.engine.BuildOptions;
import io.jenkins.plugins.obuilder.engine.BuildRequest;
import io.jenkins.plugins.obuilder.engine.Builder;
import io.jenkins.plugins.obuilder.engine.SecretMask;
import io.jenkins.plugins.obuilder.host.OnlyRoot;
import io.jenkins.plugins.obuilder.image.DigestMemory;
import io.jenkins.plugins.obuilder.image.ForeignImages;
import io.jenkins.plugins.obuilder.image.ImageException;
import io.jenkins.plugins.obuilder.image.ImageSources;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.Op;
import io.jenkins.plugins.obuilder.spec.Spec;
import io.jenkins.plugins.obuilder.spec.SpecException;
import io.jenkins.plugins.obuilder.spec.SpecReader;
import io.jenkins.plugins.obuilder.store.SharedStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A build that root does for a caller: what the caller asks for is compared with what is allowed, before anything is opened. */
final class ServedBuild {
    /** The caller has the build context; nothing on root's side opens a directory for it. */
    private static final Path CONTEXT = Path.of("/nonexistent/the build context of the caller");

    private final Allowed allowed;
    private final CallerConnection caller;
    private final Request request;
    private final ServedOptions options;

    ServedBuild(Allowed allowed, CallerConnection caller, Request request) throws UserException {
        this.allowed = allowed;
        this.caller = caller;
        this.request = request;
        options = ServedOptions.parse(allowed.options(), request.options());
    }

    boolean json() {
        return options.events.json();
    }

    int build(BuildRun run, StandardRequest standard) throws UserException, SpecException, IOException {
        SpecReader.Result read = SpecReader.readWithSource(standard.spec(), request.specName());
        if (usesHostNetwork(read.spec())) {
            allowed.insist(Key.HOST_NETWORK, "(network host)");
        }
        if (!standard.secrets().isEmpty()) {
            allowed.insist(Key.SECRETS, "the use of secrets");
        }
        if (!request.images().isEmpty()) {
            allowed.insist(Key.CALLER_IMAGES, "an --image of the caller's");
        }
        String sandboxName = allowed.sandbox(options.sandbox.name(), SandboxOption.defaultName());
        BuildOptions buildOptions = options.pace.options(
                allowed.steps(options.sandbox.stepLimits()),
                request.hideSecrets() ? SecretMask.of(standard.confidential()) : SecretMask.NONE,
                allowed.parallel());
        Optional<Duration> timeout = allowed.timeout(options.timeout.time());
        timeout.ifPresent(time -> TimeoutOption.start(run.running(), time, time.toSeconds() + " s"));
        PrintStream err = run.running().err();
        try (LetGo<SharedStore> opened = new LetGo<>(StoreOption.open(store()), err);
                LetGo<Sandbox> sandbox = new LetGo<>(
                        options.sandbox.open(sandboxName, opened.of(), allowed.resources(options.sandbox.resources())),
                        err)) {
            SharedStore store = opened.of();
            BaseIdentity identity = options.identity.on(Optional.of(store));
            Builder builder = Builder.on(store, sandbox.of(), images(store, identity))
                    .readingContextsFrom(new CallerCopyFiles(caller, allowed.contextFiles(), allowed.contextBytes()));
            BuildRequest build =
                    new BuildRequest(read.spec(), Optional.of(read.source()), CONTEXT, standard.secrets(), identity);
            return run.build(
                    builder,
                    store,
                    sandbox.of(),
                    build,
                    buildOptions.with(
                            allowed.space().of(options.space, store, line -> err.println("obuilder: " + line))),
                    request.hideSecrets());
        }
    }

    private String store() throws UserException, IOException {
        Entry store = allowed.store(request.store());
        insistOnlyRoot(store, store.value().substring(store.value().indexOf(':') + 1));
        return store.value();
    }

    /** A place that somebody else can change may lead anywhere. */
    static void insistOnlyRoot(Entry entry, String path) throws IOException {
        if (path.startsWith("/")) {
            Optional<String> why = OnlyRoot.whyNotEvenIfMissing(Path.of(path));
            if (why.isPresent()) {
                throw entry.wrong("it must be writable for root alone, but " + why.get());
            }
        }
    }

    /** What is in a directory may be anybody's, a base image's too: no link in it is followed. Where it is must be root's to say. */
    private static String directoryOrFile(String path) {
        Path image = Path.of(path);
        return Files.isDirectory(image, LinkOption.NOFOLLOW_LINKS)
                ? String.valueOf(image.toAbsolutePath().getParent())
                : path;
    }

    private static boolean usesHostNetwork(Spec spec) {
        return spec.builds().stream().anyMatch(nested -> usesHostNetwork(nested.spec()))
                || spec.ops().stream()
                        .anyMatch(
                                op -> op instanceof Op.Run run && run.network().contains("host"));
    }

    /**
     * Images of the configuration, and those of the caller. The latter only by what is in them: known by its name, one would be taken for
     * the true one of that name by everybody else.
     */
    private BaseImages images(SharedStore store, BaseIdentity identity) throws UserException, IOException {
        List<Entry> sources = allowed.imageSources();
        Set<String> named = new HashSet<>();
        for (Entry source : sources) {
            named.add(source.value().substring(0, source.value().indexOf('=')));
        }
        for (String image : request.images()) {
            if (named.contains(image)) {
                throw UserException.usage("--image " + image
                        + "=…: the configuration of the root side has an image of that" + " name; choose another name");
            }
            if (identity == BaseIdentity.NAME) {
                throw UserException.usage("--image " + image + "=…: in this store, or with --base-identity name, only"
                        + " images of the configuration of the root side can be used");
            }
        }
        DigestMemory memory = DigestMemory.in(store.root().resolve("state").resolve("digests"));
        ImageSources configured;
        try {
            configured = ImageSources.of(sources.stream().map(Entry::value).toList(), memory, allowed.images());
        } catch (ImageException e) {
            throw new IOException("the configuration of the root side: " + e.getMessage(), e);
        }
        Optional<Entry> bases = allowed.bases();
        if (bases.isPresent()) {
            insistOnlyRoot(bases.get(), bases.get().value());
            configured.withHomes(Path.of(bases.get().value()));
        }
        ForeignImages callers = new CallerImages(caller);
        Set<String> offered = new HashSet<>();
        request.images().forEach(image -> offered.add(Bytes.ofText(image)));
        return name -> {
            if (offered.contains(name)) {
                return ForeignImages.open(name, callers, allowed.images());
            }
            for (Entry source : sources) {
                int equals = source.value().indexOf('=');
                if (Bytes.ofText(source.value().substring(0, equals)).equals(name)) {
                    insistOnlyRoot(
                            source,
                            directoryOrFile(ImageSources.path(source.value().substring(equals + 1))));
                }
            }
            return configured.open(name);
        };
    }
}
