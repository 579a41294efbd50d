package io.jenkins.plugins.obuilder.image;

/**
 * What an image may cost at most, so that a small archive cannot fill a machine.
 *
 * @param entries members of all layers together
 * @param bytes sizes of all files of all layers together, holes included; and of any one archive, decompressed
 */
public record UnpackLimits(long entries, long bytes) {
    /** Five million files and a tebibyte: far more than images have. */
    public static final UnpackLimits DEFAULT = new UnpackLimits(5_000_000, 1L << 40);

    /** Counts against the limits. */
    static final class Counter {
        private final UnpackLimits limits;
        private long entries;
        private long bytes;

        Counter(UnpackLimits limits) {
            this.limits = limits;
        }

        void add(long size) throws ImageException {
            if (++entries > limits.entries) {
                throw new ImageException("the image has more than " + limits.entries + " entries, which is the limit");
            }
            if (size > limits.bytes - bytes) {
                throw new ImageException(
                        "the image unpacks to more than " + limits.bytes + " bytes, which is the limit");
            }
            bytes += size;
        }
    }
}
