package io.jenkins.plugins.obuilder.store;

import java.util.OptionalLong;

/**
 * How much of its store's file system a build leaves free.
 *
 * @param keepFree with fewer bytes free than these, it prunes while it goes on; empty: it never prunes
 * @param minFree with fewer bytes free than these, it begins no step
 */
public record SpaceLimits(OptionalLong keepFree, long minFree) {
    private static final long LARGEST_DEFAULT = 1L << 30;

    public static final SpaceLimits NONE = new SpaceLimits(OptionalLong.empty(), 0);

    /** The floor where nothing is said: 1 %, but no more than 1 GiB. */
    public static long defaultMinFree(Store.Space space) {
        return Math.min(space.total() / 100, LARGEST_DEFAULT);
    }
}
