package io.jenkins.plugins.obuilder.host;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Arrays;
import java.util.Optional;

/** What Darwin tells of itself (sysctl(3)). */
final class DarwinSysctl {
    /** Longer than any that is asked for: a UUID has 36 characters. */
    private static final int BYTES = 256;

    private DarwinSysctl() {}

    /** A text; empty where there is none of that name. */
    static Optional<String> text(String name) {
        byte[] result = new byte[BYTES];
        long[] size = {BYTES};
        if (DarwinLibC.sysctlbyname(FileCalls.name(name), result, size, null, 0) < 0) {
            return Optional.empty();
        }
        String text = Bytes.of(Arrays.copyOf(result, (int) size[0]));
        int end = text.indexOf('\0');
        return Optional.of(end < 0 ? text : text.substring(0, end)).filter(value -> !value.isEmpty());
    }
}
