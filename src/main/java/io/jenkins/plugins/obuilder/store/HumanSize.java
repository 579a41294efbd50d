package io.jenkins.plugins.obuilder.store;

import java.util.Locale;

/** Numbers of bytes as people read them, in units of 1024. */
public final class HumanSize {
    private static final String UNITS = "KMGTP";

    private HumanSize() {}

    /** Like {@code 79.0 GiB}. */
    public static String of(long bytes) {
        double value = bytes;
        int unit = -1;
        while (Math.abs(value) >= 1024 && unit < UNITS.length() - 1) {
            value /= 1024;
            unit++;
        }
        return unit < 0
                ? bytes + " B"
                : String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.1f" : "%.0f", value) + " " + UNITS.charAt(unit)
                        + "iB";
    }

    /** Like {@code 79.0 GiB of 252 GiB (31 %)}. */
    public static String free(Store.Space space) {
        return of(space.free()) + " of " + of(space.total()) + " ("
                + (space.total() == 0 ? 0 : Math.round(100.0 * space.free() / space.total())) + " %)";
    }
}
