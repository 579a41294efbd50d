package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.sandbox.Sandbox;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What a {@code copy} found.
 *
 * @param origin reads it again
 */
record CopyListing(List<Manifest> manifests, CopyOrigin origin) implements CopyFiles.Listing {
    /** Some file systems keep times as coarse as two seconds, but then in whole ones: a tick of the kernel is at most 10 ms. */
    private static final long TICK_NANOS = 20_000_000;

    /**
     * When a file was hashed, and what it was like.
     *
     * @param when by the clock that stamps files, in nanoseconds since 1970
     */
    record Hashed(FileStat stat, long when) {
        /**
         * Whether the file cannot have changed since: it looks the same, and was not so young that a later change could have got the
         * same time stamp (git calls that racy).
         */
        boolean isStill(FileStat now) {
            long ctime = stat.ctime().seconds() * 1_000_000_000 + stat.ctime().nanos();
            return stat.isUnchanged(now) && ctime + TICK_NANOS < when;
        }
    }

    @Override
    public void writeTo(Path rootfs, Sandbox.CopyTarget target, boolean intoDirectory, Cancellation cancellation)
            throws IOException {
        try (Dir to = Dir.open(rootfs);
                CopyWriter writer = new CopyWriter(manifests, origin, to, target, cancellation)) {
            writer.write(intoDirectory);
        }
    }
}
