package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** When the system was started. */
public final class Boot {
    private static final Path ID = Path.of("/proc/sys/kernel/random/boot_id");

    private Boot() {}

    /** A text that is another after each start of the system (proc(5), sysctl(3)); empty where the system does not tell. */
    public static Optional<String> id() throws HostException {
        if (!Kernel.isLinux()) {
            return DarwinSysctl.text("kern.bootsessionuuid");
        }
        if (!Files.isReadable(ID)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(ID).strip());
        } catch (IOException e) {
            throw new HostException("cannot read " + ID + ": " + e.getMessage(), e);
        }
    }
}
