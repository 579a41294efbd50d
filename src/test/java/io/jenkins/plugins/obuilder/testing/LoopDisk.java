package io.jenkins.plugins.obuilder.testing;

import io.jenkins.plugins.obuilder.host.Mounts;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small file system of its own, in a file: needs {@link Need#LOOP_DEVICES}. Closing it unmounts it. */
public final class LoopDisk implements Closeable {
    private static final long MIB = 1 << 20;

    private final Path directory;

    private LoopDisk(Path directory) {
        this.directory = directory;
    }

    /**
     * Makes and mounts it.
     *
     * @param image the file, which is made
     * @param directory where it is mounted; made when needed
     * @param mkfs the command that formats it, whose last argument will be the file
     */
    public static LoopDisk mount(Path image, int mebibytes, Path directory, String... mkfs) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(mebibytes * MIB);
        }
        List<String> format = new ArrayList<>(Arrays.asList(mkfs));
        format.add(image.toString());
        Tools.run(Path.of("/"), format.toArray(String[]::new));
        Files.createDirectories(directory);
        Tools.run(Path.of("/"), "mount", "-o", "loop", image.toString(), directory.toString());
        return new LoopDisk(directory);
    }

    /** From now on everything that is written lies on the disk, even when it is deleted at once. */
    public void writeAtOnce() throws IOException {
        Tools.run(Path.of("/"), "mount", "-o", "remount,sync", directory.toString());
    }

    /** Takes space for good, so that at most so much is left. */
    public void leave(int mebibytes) throws IOException {
        long tooMuch = directory.toFile().getUsableSpace() / MIB - mebibytes;
        if (tooMuch > 0) {
            Tools.run(directory, "dd", "if=/dev/zero", "of=ballast", "bs=1M", "count=" + tooMuch);
            Tools.run(directory, "sync", "-f", ".");
        }
    }

    /** Takes all the space there is, but so many KiB, until {@link #free}. Nothing is written where the file system can promise room. */
    public void fill(int butKibibytes) throws IOException {
        Tools.run(
                directory,
                "sh",
                "-c",
                "dd if=/dev/zero of=spacer bs=1k count=" + butKibibytes + "; sync -f .;"
                        + " fallocate -l $(($(stat -f -c '%a * %S / 1024 * 1024' .) - 1048576)) filler;"
                        + " dd if=/dev/zero of=filler2 bs=64k; dd if=/dev/zero of=filler3 bs=1k; rm spacer; true");
    }

    public void free() throws IOException {
        for (String name : List.of("filler", "filler2", "filler3")) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Tools.run(directory, "sync", "-f", ".");
    }

    @Override
    public void close() throws IOException {
        Mounts.unmountAll(directory);
    }
}
