package io.jenkins.plugins.obuilder.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A root file system of a static BusyBox and nothing else: needs {@link Need#BUSYBOX_STATIC}. Its shell is {@code /bin/sh}. */
public final class BusyboxTree {
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private BusyboxTree() {}

    /** Makes it in a directory, which is made too. */
    public static Path make(Path root) throws IOException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        Path usrBin = Files.createDirectories(root.resolve("usr/bin"));
        Files.createDirectories(root.resolve("tmp"));
        Files.createDirectories(root.resolve("etc"));
        Files.copy(BUSYBOX, bin.resolve("busybox"));
        for (String applet : applets()) {
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
            }
        }
        Files.createSymbolicLink(usrBin.resolve("env"), Path.of("../../bin/busybox"));
        return root;
    }

    private static List<String> applets() throws IOException {
        Process process = new ProcessBuilder(BUSYBOX.toString(), "--list").start();
        return new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                .lines()
                .toList();
    }
}
