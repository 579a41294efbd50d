package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.store.HumanSize;
import io.jenkins.plugins.obuilder.store.Store;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them, in units of 1024. */
final class Sizes {
    private static final String UNITS = "KMGTP";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)([kKMGTP]?)(?:i?B)?");
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");

    private Sizes() {}

    /** The bytes of a size. */
    static long parse(String option, String text) throws UserException {
        Matcher size = SIZE.matcher(text);
        if (!size.matches()) {
            throw UserException.usage(option + " " + text + ": write a size such as 500M or 20G");
        }
        return bytes(size).longValue();
    }

    private static BigDecimal bytes(Matcher size) {
        String unit = size.group(2).toUpperCase(Locale.ROOT);
        return new BigDecimal(size.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(unit.isEmpty() ? 0 : UNITS.indexOf(unit) + 1));
    }

    /** @throws UserException when it is neither a size nor a share */
    static void insistOnForm(String option, String text) throws UserException {
        if (!SIZE.matcher(text).matches() && !PERCENT.matcher(text).matches()) {
            throw noSizeOrShare(option, text);
        }
    }

    private static UserException noSizeOrShare(String option, String text) {
        return UserException.usage(option + " " + text + ": write a size such as 500M or 20G, or a share such as 10%");
    }

    /** The bytes of a size, or of a share of what a file system has. */
    static long parse(String option, String text, Store.Space space) throws UserException {
        Matcher size = SIZE.matcher(text);
        Matcher percent = PERCENT.matcher(text);
        BigDecimal bytes;
        if (size.matches()) {
            bytes = bytes(size);
        } else if (percent.matches()) {
            bytes = new BigDecimal(percent.group(1))
                    .multiply(BigDecimal.valueOf(space.total()))
                    .movePointLeft(2);
        } else {
            throw noSizeOrShare(option, text);
        }
        if (bytes.compareTo(BigDecimal.valueOf(space.total())) > 0) {
            throw UserException.usage(
                    option + " " + text + ": the file system has only " + HumanSize.of(space.total()) + " in all");
        }
        return bytes.longValue();
    }
}
