package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.AgentConf;
import io.jenkins.plugins.obuilder.boundary.AgentConf.ConfException;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Entry;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Key;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.Store;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a caller may prune: what goes is others', too. It goes no further than the configuration says, however it was asked for, and
 * what was used lately stays.
 */
record AllowedPruning(AgentConf conf) {
    /** Finds values that are none. */
    void check() throws ConfException {
        for (Entry entry : conf.all(Key.KEEP_ITEMS)) {
            Allowed.number(entry);
        }
        for (Entry entry : conf.all(Key.KEEP_USED)) {
            Allowed.time(entry);
        }
    }

    /**
     * What is asked for, within what is allowed.
     *
     * @throws UserException when it goes further
     */
    Pruning.Limits of(Pruning.Limits wanted, Store.Space space) throws UserException, ConfException {
        if (wanted.keepFree().isPresent()) {
            Entry most = insist(Key.KEEP_FREE, SpaceOptions.KEEP_FREE);
            if (wanted.keepFree().getAsLong() > AllowedSpace.bytes(most, space)) {
                throw Allowed.tooMuch(most, SpaceOptions.KEEP_FREE);
            }
        }
        if (wanted.keepItems().isPresent()) {
            Entry fewest = insist(Key.KEEP_ITEMS, PruneCommand.MAX_ITEMS);
            if (wanted.keepItems().getAsInt() < Allowed.number(fewest)) {
                throw UserException.usage(PruneCommand.MAX_ITEMS + ": no fewer than " + fewest.value()
                        + " are allowed (" + fewest.file() + ":" + fewest.line() + ")");
            }
        }
        Instant before = wanted.before();
        Optional<Entry> used = conf.one(Key.KEEP_USED);
        if (used.isPresent()) {
            Instant latest = Instant.now().minus(Allowed.time(used.get()));
            before = before.isBefore(latest) ? before : latest;
        } else if (wanted.keepFree().isEmpty() && wanted.keepItems().isEmpty()) {
            insist(Key.KEEP_USED, "prune with neither " + SpaceOptions.KEEP_FREE + " nor " + PruneCommand.MAX_ITEMS);
        }
        return new Pruning.Limits(before, wanted.atMost(), wanted.keepItems(), wanted.keepFree());
    }

    private Entry insist(Key key, String what) throws UserException {
        return conf.one(key)
                .orElseThrow(() -> UserException.usage(what + " is not allowed: " + conf + " does not say " + key));
    }
}
