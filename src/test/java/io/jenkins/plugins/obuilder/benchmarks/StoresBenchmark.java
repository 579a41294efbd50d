package io.jenkins.plugins.obuilder.benchmarks;

import static io.jenkins.plugins.obuilder.testing.Specs.run;

import io.jenkins.plugins.obuilder.host.LinuxMounts;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.testing.LoopDisk;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a step that does nothing costs on each store, beside what programs take for the same snapshot and runc. */
@SuppressWarnings("try") // the disk is held, not used
final class StoresBenchmark implements Benchmark {
    private static final int MEBIBYTES = 4096;
    private static final String TMPFS = "tmpfs";
    private static final String EXT4 = "mkfs.ext4 -q -N 1000000";
    private static final String COPY = "cp -a base merged";
    private static final String LINK_AND_RSYNC =
            "rsync -aHAX --numeric-ids --link-dest=../base merged/ linked; mv merged gone; mv linked merged";

    /**
     * One store.
     *
     * @param begin shell commands that make the tree {@code merged} of the tree {@code base}
     * @param end shell commands that finish it
     */
    private record Kind(String name, List<String> options, String mkfs, String make, String begin, String end) {
        boolean copies() {
            return name.equals("xfs") || name.equals("rsync");
        }
    }

    private static final List<Kind> KINDS = List.of(
            overlayfs(EXT4),
            overlayfs(TMPFS),
            new Kind(
                    "btrfs",
                    List.of(),
                    "mkfs.btrfs -q",
                    "btrfs -q subvolume create base",
                    "btrfs -q subvolume snapshot base merged",
                    "btrfs property set -ts merged ro true"),
            new Kind("xfs", List.of(), "mkfs.xfs -q", "mkdir base", "cp -a --reflink=always base merged", ":"),
            rsync("copy", ":"),
            rsync("hardlink", LINK_AND_RSYNC),
            rsync("hardlink_unsafe", LINK_AND_RSYNC));

    private static Kind overlayfs(String mkfs) {
        return new Kind(
                "overlayfs",
                List.of(),
                mkfs,
                "mkdir base",
                "mkdir merged upper work; mount -t overlay overlay -o lowerdir=base,upperdir=upper,workdir=work merged",
                "umount merged");
    }

    private static Kind rsync(String mode, String end) {
        return new Kind("rsync", List.of("--rsync-mode", mode), EXT4, "mkdir base", COPY, end);
    }

    /** How often, and how many files besides those of the image there are. */
    private record Size(int files, int few, int many, int rounds) {}

    private static final Size SMALL = new Size(0, 20, 40, 5);
    private static final Size LARGE = new Size(5000, 4, 12, 3);

    @Override
    public String name() {
        return "stores";
    }

    @Override
    public String title() {
        return "Trivial steps on each store";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        for (Kind kind : KINDS) {
            measure(kind, SMALL, scratch, figures);
            if (kind.copies()) {
                measure(kind, LARGE, scratch, figures);
            }
        }
    }

    private static void measure(Kind kind, Size size, Path scratch, Figures figures) throws Exception {
        Path place = Files.createTempDirectory(scratch, kind.name());
        Path directory = Files.createDirectory(place.resolve("disk"));
        try (Closeable disk = mount(kind, place, directory)) {
            Path bench = Files.createDirectory(directory.resolve("bench"));
            List<String> options = Stream.concat(kind.options().stream(), Stream.of("--runtime", "runc"))
                    .toList();
            new Steps(kind, size, new EngineBench(bench, kind.name(), options)).measure(figures);
        } finally {
            Files.deleteIfExists(place.resolve("image"));
        }
    }

    private static Closeable mount(Kind kind, Path place, Path directory) throws IOException {
        if (kind.mkfs().equals(TMPFS)) {
            LinuxMounts.tmpfs(directory, "size=" + MEBIBYTES + "m");
            return () -> Mounts.unmountAll(directory);
        }
        return LoopDisk.mount(
                place.resolve("image"), MEBIBYTES, directory, kind.mkfs().split(" "));
    }

    /** The steps of one store. */
    private static final class Steps {
        private final Kind kind;
        private final Size size;
        private final EngineBench bench;

        Steps(Kind kind, Size size, EngineBench bench) {
            this.kind = kind;
            this.size = size;
            this.bench = bench;
        }

        void measure(Figures figures) throws Exception {
            makeFloor();
            Sample steps = new Sample();
            Sample floor = new Sample();
            for (int round = 0; round < size.rounds(); round++) {
                steps.add((build(size.many()) - build(size.few())) / (size.many() - size.few()));
                floor.add(floors(size.many()) / size.many());
            }
            figures.ratio(
                    String.join(
                                    " ",
                                    Stream.concat(
                                                    Stream.of(kind.name()),
                                                    kind.options().stream().skip(1))
                                            .toList())
                            + (kind.mkfs().equals(TMPFS) ? " on tmpfs" : "")
                            + (size.files() > 0 ? ", " + size.files() + " files more" : ""),
                    steps,
                    "its snapshot by programs + `runc run true`",
                    floor,
                    "1.3");
        }

        /** Nanoseconds for so many: their mean is to be compared, since a step's time is one, too. */
        private long floors(int count) throws Exception {
            long sum = 0;
            for (int n = 0; n < count; n++) {
                sum += Sample.nanos(
                        () -> floor("cd floor; " + kind.begin() + "; runc run benchmark-$$; " + kind.end()));
                floor("cd floor; if [ -d gone ]; then rm -rf gone; fi; $remove");
            }
            return sum;
        }

        private void floor(String script) throws IOException {
            bench.run("sh", "-ec", script.replace("$remove", remove()));
        }

        private String remove() {
            return kind.name().equals("btrfs") ? "btrfs -q subvolume delete merged" : "rm -rf merged upper work";
        }

        private void makeFloor() throws IOException {
            Files.createDirectory(bench.directory.resolve("floor"));
            floor("cd floor; " + kind.make()
                    + "; cp -a ../base/. base; runc spec; sed -i 's/\"terminal\": true/\"terminal\": false/;"
                    + " s/\"sh\"/\"true\"/; s/\"readonly\": true/\"readonly\": false/;"
                    + " s,\"path\": \"rootfs\",\"path\": \"merged\",' config.json; cd base; " + files());
        }

        private String files() {
            return "for i in $(seq " + size.files() + "); do mkdir -p d$((i % 50)); echo $i > d$((i % 50))/$i; done";
        }

        /** Nanoseconds for the whole command; the tree that the steps begin with is there before. */
        private long build(int steps) throws Exception {
            Path store = bench.newStore();
            bench.command(store, EngineBench.spec(run(files()))).run();
            String[] all = IntStream.rangeClosed(0, steps)
                    .mapToObj(n -> run(n == 0 ? files() : "true " + n))
                    .toArray(String[]::new);
            EngineBench.Command command = bench.command(store, EngineBench.spec(all));
            long start = System.nanoTime();
            command.run();
            long took = System.nanoTime() - start;
            clean(store);
            return took;
        }

        private void clean(Path store) throws IOException {
            if (kind.name().equals("btrfs")) {
                bench.run("sh", "-ec", "cd " + store + "; btrfs -q subvolume delete result/*");
            }
            bench.remove(store);
        }
    }
}
