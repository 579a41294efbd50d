package io.jenkins.plugins.obuilder.benchmarks;

import io.jenkins.plugins.obuilder.obuilderfs.Mode;
import io.jenkins.plugins.obuilder.obuilderfs.Obuilderfs;
import io.jenkins.plugins.obuilder.obuilderfs.Scoreboard;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The per-user path in both modes and bindfs, which is a passthrough without users, beside the tree itself. On a file system in memory. */
final class ObuilderfsBenchmark implements Benchmark {
    private static final int UID = 7705;
    private static final int DIRECTORIES = 100;
    private static final int FILES = 100;
    private static final int SIZE = 4096;
    private static final int ROUNDS = 7;
    private static final int MORE_ROUNDS = 30;
    private static final String UNTAR = "untar of 10,000 files of 4 KiB";
    private static final String REMOVE = "removing these";

    /** What is measured, as shell scripts in the directory of which they get the name. */
    private static final Map<String, String> WORK = new LinkedHashMap<>();

    static {
        WORK.put(UNTAR, "mkdir $1/t && tar -x -f $2/files.tar -C $1/t");
        WORK.put("find and stat of these", "find $1/t -size +100");
        WORK.put("reading these", "cat $1/t/*/* | cmp - $2/all");
        WORK.put(REMOVE, "rm -r $1/t");
        WORK.put("writing 256 MiB", "dd if=/dev/zero of=$1/big bs=1M count=256 status=none");
        WORK.put("reading 256 MiB", "dd if=$1/big of=/dev/null bs=1M status=none; rm $1/big");
    }

    @Override
    public String name() {
        return "obuilderfs";
    }

    @Override
    public String title() {
        return "The per-user path";
    }

    @Override
    public void measure(Path scratch, Figures figures) throws Exception {
        Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
        Tools.run(scratch, "mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", scratch.toString());
        List<Obuilderfs> mounted = new ArrayList<>();
        try (Scoreboard scoreboard = Scoreboard.open(Files.createDirectory(scratch.resolve("scoreboard")))) {
            makeFiles(scratch);
            Path home = Files.createDirectories(scratch.resolve("home/local")).getParent();
            Tools.run(scratch, "chown", "-R", UID + ":" + UID, home.toString());
            scoreboard.lead(UID, home);
            Map<String, Path> places = new LinkedHashMap<>();
            for (Mode mode : Mode.values()) {
                Path at = Files.createDirectory(scratch.resolve(mode.toString()));
                Obuilderfs view = Obuilderfs.mount(scoreboard.path(), at, mode);
                mounted.add(view);
                places.put(mode.toString(), view.path());
            }
            Path bound = Files.createDirectory(scratch.resolve("bindfs"));
            Tools.run(
                    scratch,
                    "bindfs",
                    "-o",
                    "allow_other",
                    home.resolve("local").toString(),
                    bound.toString());
            places.put("bindfs", bound);
            compare(figures, scratch, home.resolve("local"), places);
            Tools.run(scratch, "umount", bound.toString());
        } finally {
            for (Obuilderfs view : mounted) {
                view.close();
            }
            Tools.run(Path.of("/"), "umount", scratch.toString());
        }
    }

    private static void makeFiles(Path scratch) throws IOException {
        Random random = new Random(1);
        for (int d = 0; d < DIRECTORIES; d++) {
            Path directory = Files.createDirectories(scratch.resolve("files").resolve(String.format("d%02d", d)));
            for (int f = 0; f < FILES; f++) {
                byte[] bytes = new byte[SIZE];
                random.nextBytes(bytes);
                Files.write(directory.resolve(String.format("f%02d", f)), bytes);
            }
        }
        Tools.run(scratch, "tar", "-c", "-f", "files.tar", "-C", "files", ".");
        Tools.run(scratch, "sh", "-c", "cat files/*/* > all; rm -r files");
    }

    /**
     * All of them in turns, each with all of the work, for they show one tree. Each round begins with another, so that none always comes
     * after the same; the first only warms up.
     */
    private static void compare(Figures figures, Path scratch, Path natively, Map<String, Path> places)
            throws Exception {
        Map<String, Sample> samples = new LinkedHashMap<>();
        List<Turn> turns = new ArrayList<>(List.of(new Turn("", natively)));
        places.forEach((name, path) -> turns.add(new Turn(name + ": ", path)));
        for (int round = 0; round <= ROUNDS; round++) {
            Collections.rotate(turns, 1);
            for (Turn turn : turns) {
                all(samples, round > 0, turn, scratch);
            }
        }
        // What is asked for is a difference of a few in a hundred: less than one run differs from the next.
        Turn redirect = new Turn("redirect: ", places.get(Mode.REDIRECT.toString()));
        List<Turn> two = new ArrayList<>(List.of(new Turn("", natively), redirect));
        for (int round = 0; round < MORE_ROUNDS; round++) {
            Collections.rotate(two, 1);
            for (Turn turn : two) {
                one(samples, true, turn, UNTAR, scratch);
                one(samples, false, turn, REMOVE, scratch);
            }
        }
        for (String work : WORK.keySet()) {
            for (String place : places.keySet()) {
                String atMost = place.equals(Mode.REDIRECT.toString()) && work.equals(UNTAR) ? "1.05" : "";
                figures.ratio(
                        place + ": " + work,
                        samples.get(place + ": " + work),
                        "the tree itself",
                        samples.get(work),
                        atMost);
            }
        }
    }

    /** @param name what stands before the work in figures */
    private record Turn(String name, Path at) {}

    private static void all(Map<String, Sample> samples, boolean counts, Turn turn, Path scratch) throws Exception {
        for (String work : WORK.keySet()) {
            one(samples, counts, turn, work, scratch);
        }
    }

    private static void one(Map<String, Sample> samples, boolean counts, Turn turn, String work, Path scratch)
            throws Exception {
        Sample.Work run = () -> Tools.run(
                scratch,
                "setpriv",
                "--reuid=" + UID,
                "--regid=" + UID,
                "--clear-groups",
                "sh",
                "-euc",
                WORK.get(work),
                "sh",
                turn.at().toString(),
                scratch.toString());
        if (counts) {
            samples.computeIfAbsent(turn.name() + work, key -> new Sample()).add(run);
        } else {
            run.run();
        }
    }
}
