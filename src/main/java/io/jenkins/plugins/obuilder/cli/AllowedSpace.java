package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.boundary.AgentConf;
import io.jenkins.plugins.obuilder.boundary.AgentConf.ConfException;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Entry;
import io.jenkins.plugins.obuilder.boundary.AgentConf.Key;
import io.jenkins.plugins.obuilder.store.SpaceLimits;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * How much a build of a caller leaves free: the caller may have less pruned than the configuration allows, for what is pruned is others',
 * and may leave more free.
 */
record AllowedSpace(AgentConf conf) {
    /** Finds values that are none. */
    void check() throws ConfException {
        for (Key key : new Key[] {Key.KEEP_FREE, Key.MIN_FREE}) {
            for (Entry entry : conf.all(key)) {
                try {
                    Sizes.insistOnForm(key.toString(), entry.value());
                } catch (UserException e) {
                    throw entry.wrong("write a size such as 20G, or a share such as 10%");
                }
            }
        }
    }

    /** @param told gets what the caller asked for in vain */
    SpaceLimits of(SpaceOptions wanted, Store store, Consumer<String> told) throws UserException, IOException {
        Store.Space space = store.space();
        return new SpaceLimits(keepFree(wanted.keepFree, space, told), minFree(wanted.minFree, space));
    }

    private OptionalLong keepFree(String wanted, Store.Space space, Consumer<String> told)
            throws UserException, ConfException {
        for (Entry most : conf.all(Key.KEEP_FREE)) {
            long bytes = bytes(most, space);
            if (wanted == null) {
                return OptionalLong.of(bytes);
            }
            if (Sizes.parse(SpaceOptions.KEEP_FREE, wanted, space) > bytes) {
                throw Allowed.tooMuch(most, SpaceOptions.KEEP_FREE);
            }
        }
        if (wanted == null) {
            return OptionalLong.empty();
        }
        if (conf.one(Key.KEEP_FREE).isEmpty() && !isAdministrators(SpaceOptions.KEEP_FREE)) {
            told.accept(SpaceOptions.KEEP_FREE + " " + wanted + ": nothing is pruned, for " + conf + " does not say "
                    + Key.KEEP_FREE);
            return OptionalLong.empty();
        }
        return OptionalLong.of(Sizes.parse(SpaceOptions.KEEP_FREE, wanted, space));
    }

    private long minFree(String wanted, Store.Space space) throws UserException, ConfException {
        long asked = wanted == null ? 0 : Sizes.parse(SpaceOptions.MIN_FREE, wanted, space);
        if (conf.one(Key.MIN_FREE).isEmpty() && isAdministrators(SpaceOptions.MIN_FREE)) {
            return asked;
        }
        long least = conf.one(Key.MIN_FREE).isPresent()
                ? bytes(conf.one(Key.MIN_FREE).get(), space)
                : SpaceLimits.defaultMinFree(space);
        return Math.max(asked, least);
    }

    private boolean isAdministrators(String option) {
        return conf.all(Key.OPTION).stream()
                .anyMatch(entry -> CallersOptions.name(entry.value()).equals(option));
    }

    static long bytes(Entry entry, Store.Space space) throws ConfException {
        try {
            return Sizes.parse(entry.key().toString(), entry.value(), space);
        } catch (UserException e) {
            throw entry.wrong("the file system of the store is smaller");
        }
    }
}
