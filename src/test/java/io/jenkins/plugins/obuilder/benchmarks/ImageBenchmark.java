package io.jenkins.plugins.obuilder.benchmarks;

import io.jenkins.plugins.obuilder.image.OciImages;
import io.jenkins.plugins.obuilder.image.OciImages.Packing;
import io.jenkins.plugins.obuilder.testing.DockerDaemon;
import io.jenkins.plugins.obuilder.testing.Registry;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A base image: the packages that every Debian has, in one layer, and a JDK in another; some 120 MB of them. */
final class ImageBenchmark implements Benchmark {
    private static final int ROUNDS = 5;
    private static final String SPEC = "((from debian))";
    private static final String BASE_PACKAGES =
            "dpkg-query -W -f '${Priority} ${Package}\\n' | sed -n 's/^\\(required\\|important\\|standard\\) //p'"
                    + " | xargs dpkg-query -L | sed 's,^/\\(s*bin\\|lib[0-9x]*\\)/,/usr/\\1/,' | sort -u";

    @Override
    public String name() {
        return "image";
    }

    @Override
    public String title() {
        return "Base images";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        EngineBench bench = new EngineBench(scratch);
        Path layout = makeImage(bench);
        layout(bench, layout, figures);
        registry(bench, layout, figures);
    }

    private static Path makeImage(EngineBench bench) throws IOException {
        Path directory = bench.directory;
        // Some of what the packages brought may be gone, as manual pages are in images; and they name /bin what is in
        // /usr/bin.
        bench.run(
                "sh",
                "-c",
                BASE_PACKAGES + " | tar -C / --no-recursion --ignore-failed-read -cf base.tar -T - 2>/dev/null");
        bench.run(
                "sh",
                "-c",
                "tar -C / --exclude=*/jmods --exclude=*.zip -cf java.tar "
                        + System.getProperty("java.home").substring(1));
        Path layout = OciImages.of(
                directory.resolve("layout"),
                Packing.GZIP,
                List.of("PATH=/usr/bin:/bin"),
                Files.readAllBytes(directory.resolve("base.tar")),
                Files.readAllBytes(directory.resolve("java.tar")));
        bench.run("sh", "-c", "ls -S layout/blobs/sha256/* | head -n 2 > blobs");
        return layout;
    }

    private static void layout(EngineBench bench, Path layout, Figures figures) throws Exception {
        Sample command = new Sample();
        Sample floor = new Sample();
        String source = "debian=oci:" + layout;
        for (int round = 0; round < ROUNDS; round++) {
            Path store = bench.newStore();
            settle(bench);
            command.add(bench.command(store, SPEC, "--image", source));
            settle(bench);
            String tree = "tree" + round;
            floor.add(() -> bench.run("sh", "-c", "mkdir " + tree + untar("$(cat blobs)", tree)));
        }
        figures.ratio("an image in an OCI layout: the command", command, "`tar -xz` of its layers", floor, "1.5");
        figures.figure(
                "peak memory of the command",
                EngineBench.memory(bench.command(bench.newStore(), SPEC, "--image", source)),
                "200 MB");
    }

    private static String untar(String blobs, String tree) {
        return " && for blob in " + blobs + "; do tar -xzf $blob -C " + tree + " || exit; done";
    }

    private static void registry(EngineBench bench, Path layout, Figures figures) throws Exception {
        Path place = bench.directory;
        try (Registry registry = Registry.start(place.resolve("registry"));
                DockerDaemon daemon = DockerDaemon.start(place.resolve("docker"))) {
            String name = registry.name() + "/debian:12";
            String copy = "skopeo --insecure-policy copy --quiet ";
            bench.run("sh", "-c", copy + "--dest-tls-verify=false oci:" + layout + ":latest docker://" + name);
            Sample command = new Sample();
            Sample docker = new Sample();
            Sample floor = new Sample();
            String host = daemon.environment().get("DOCKER_HOST");
            for (int round = 0; round < ROUNDS; round++) {
                Path store = bench.newStore();
                settle(bench);
                command.add(() -> bench.run(
                        "env",
                        "DOCKER_HOST=" + host,
                        Path.of("obuilder").toAbsolutePath().toString(),
                        "build",
                        "-f",
                        bench.write(SPEC).toString(),
                        "--store",
                        "overlayfs:" + store,
                        "--image",
                        "debian=docker:" + name,
                        bench.context.toString()));
                daemon.run("rmi", name);
                settle(bench);
                String tree = "docker" + round;
                docker.add(() -> bench.run(
                        "sh",
                        "-c",
                        "export DOCKER_HOST=" + host + "; mkdir -p " + tree + "/root && docker pull -q " + name
                                + " && docker save -o " + tree + "/saved " + name + " && tar -xf " + tree + "/saved -C "
                                + tree
                                + " && for layer in " + tree + "/*/layer.tar; do tar -xf $layer -C " + tree
                                + "/root || exit; done"));
                daemon.run("rmi", name);
                settle(bench);
                String fetched = "fetched" + round;
                floor.add(() -> bench.run(
                        "sh",
                        "-c",
                        copy + "--src-tls-verify=false docker://" + name + " oci:" + fetched + " && mkdir " + fetched
                                + "/root"
                                + untar("$(ls -S " + fetched + "/blobs/sha256/* | head -n 2)", fetched + "/root")));
            }
            figures.ratio(
                    "an image in a registry, through docker: the command",
                    command,
                    "`docker pull`, `docker save`, `tar -x`",
                    docker,
                    "1.5");
            figures.ratio("the same", command, "`skopeo copy`, `tar -xz` of its layers", floor, "1.5");
        }
    }

    /** What the disk still has to do must not be charged to whoever comes next. */
    private static void settle(EngineBench bench) throws IOException {
        Tools.run(bench.directory, "sync");
    }
}
