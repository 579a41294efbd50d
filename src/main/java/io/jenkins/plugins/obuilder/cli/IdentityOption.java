package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.engine.BaseIdentity;
import io.jenkins.plugins.obuilder.store.Store;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says what a base image is known by. */
final class IdentityOption {
    @Option(
            names = "--base-identity",
            paramLabel = "name|content",
            description =
                    "What a base image is known by in ids: its name, as the reference does it, or its digest, the sandbox and the"
                            + " host (default: name for a store that the reference made, else content).")
    private BaseIdentity identity;

    BaseIdentity on(Optional<Store> store) {
        if (identity != null) {
            return identity;
        }
        return store.isPresent() && store.get().isMadeByReference() ? BaseIdentity.NAME : BaseIdentity.CONTENT;
    }
}
