package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.SpaceLimits;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.IOException;
import java.util.OptionalLong;
import picocli.CommandLine.Option;

/** The options that say how much of the store's file system a build leaves free. */
final class SpaceOptions {
    static final String KEEP_FREE = "--keep-free";
    static final String MIN_FREE = "--min-free";

    @Option(
            names = KEEP_FREE,
            paramLabel = "SIZE|PERCENT",
            description =
                    "Prune while building: with less of the store's file system free than this (10G, 10%%), delete the"
                            + " longest unused snapshots that nobody uses.")
    String keepFree;

    @Option(
            names = MIN_FREE,
            paramLabel = "SIZE|PERCENT",
            description =
                    "With less free than this, begin no step; cached ones do not matter (default: 1%%, at most 1G).")
    String minFree;

    /** Finds mistakes before anything is opened. */
    void check() throws UserException {
        if (keepFree != null) {
            Sizes.insistOnForm(KEEP_FREE, keepFree);
        }
        if (minFree != null) {
            Sizes.insistOnForm(MIN_FREE, minFree);
        }
    }

    /** What they mean for the file system of this store. */
    SpaceLimits on(Store store) throws UserException, IOException {
        Store.Space space = store.space();
        OptionalLong keep =
                keepFree == null ? OptionalLong.empty() : OptionalLong.of(Sizes.parse(KEEP_FREE, keepFree, space));
        if (minFree == null) {
            long byDefault = SpaceLimits.defaultMinFree(space);
            return new SpaceLimits(keep, Math.min(byDefault, keep.orElse(byDefault)));
        }
        long min = Sizes.parse(MIN_FREE, minFree, space);
        if (min > keep.orElse(min)) {
            throw UserException.usage(KEEP_FREE + " " + keepFree + " is less than " + MIN_FREE + " " + minFree
                    + ": it would not prune before steps are refused");
        }
        return new SpaceLimits(keep, min);
    }
}
