package io.jenkins.plugins.obuilder.store;

import java.util.Optional;

/**
 * What may be settled when a store is opened.
 *
 * @param rsyncMode of an rsync store, from then on; empty to leave it as it is
 */
public record StoreSettings(Optional<RsyncMode> rsyncMode) {
    public static final StoreSettings NONE = new StoreSettings(Optional.empty());
}
