package io.jenkins.plugins.obuilder.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A {@link LoopDisk} that all tests of a class share: a static field with {@code @RegisterExtension}. */
public final class ClassDisk implements BeforeAllCallback, AfterAllCallback {
    private static final int MEBIBYTES = 1024;

    private final String[] mkfs;
    private Path place;
    private LoopDisk disk;

    /** @param mkfs the command that formats it, whose last argument will be the file */
    public ClassDisk(String... mkfs) {
        this.mkfs = mkfs;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        place = Files.createTempDirectory("disk");
        disk = LoopDisk.mount(place.resolve("image"), MEBIBYTES, directory(), mkfs);
    }

    /** Where it is mounted. */
    public Path directory() {
        return place.resolve("mounted");
    }

    /** Mounts a second one of the same kind, which whoever asks for it unmounts. Returns where. */
    public Path another(Path scratch, int mebibytes) throws IOException {
        Path directory = scratch.resolve("small");
        LoopDisk.mount(scratch.resolve("small.img"), mebibytes, directory, mkfs);
        return directory;
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        disk.close();
        Tools.run(Path.of("/"), "rm", "-rf", "--one-file-system", place.toString());
    }
}
