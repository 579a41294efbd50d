package io.jenkins.plugins.obuilder.image;

import java.util.Locale;

/**
 * The kind of machine an image is for, in the names that Go and therefore images use.
 *
 * @param variant such as {@code v7}; may be empty
 */
record Platform(String os, String architecture, String variant) {

    /** The machine this runs on. Images are Linux', also where a Mac uses them as homes, so the system is always {@code linux}. */
    static Platform here() {
        return new Platform("linux", goName(System.getProperty("os.arch")), "");
    }

    static String goName(String javaName) {
        return switch (javaName.toLowerCase(Locale.ROOT)) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "x86", "i386", "i686" -> "386";
            case "arm", "arm32" -> "arm";
            default -> javaName;
        };
    }

    /** Reads {@code os}, {@code architecture} and {@code variant} of a descriptor or a configuration. */
    static Platform of(JsonDocument json) throws ImageException {
        return new Platform(
                json.text("os").orElse(""),
                json.text("architecture").orElse(""),
                json.text("variant").orElse(""));
    }

    /** Whether an image for {@code other} runs here; variants are not compared, and what is not told fits. */
    boolean fits(Platform other) {
        return (other.os.isEmpty() || other.os.equals(os))
                && (other.architecture.isEmpty() || other.architecture.equals(architecture));
    }

    @Override
    public String toString() {
        return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
    }
}
