package io.jenkins.plugins.obuilder.defects;

import static io.jenkins.plugins.obuilder.testing.Specs.cache;
import static io.jenkins.plugins.obuilder.testing.Specs.copy;
import static io.jenkins.plugins.obuilder.testing.Specs.copyFrom;
import static io.jenkins.plugins.obuilder.testing.Specs.run;
import static io.jenkins.plugins.obuilder.testing.Specs.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.cli.EngineProcess;
import io.jenkins.plugins.obuilder.cli.Workbench;
import io.jenkins.plugins.obuilder.host.LinuxAccounts;
import io.jenkins.plugins.obuilder.host.Processes;
import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.sandbox.UserSettings;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.testing.Specs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A build, of parallel stages with copies, a cache and a secret, that is made to be killed at any moment; and the looks at what is left. */
final class KilledBuild {
    private static final int STAGES = 4;
    private static final int FILES = 40;
    private static final String SECRET = "known to nobody else";
    private static final Pattern SAVED =
            Pattern.compile("(?m)^---> saved as \"([0-9a-f]{64})\"$|\"id\":\"([0-9a-f]{64})\",\"cached\":false");

    final Workbench bench;
    private final Lab lab;
    private final Place place;
    private int kept;

    /** Where a step works, and what differs between the sandboxes. */
    private record Place(String directory, String inSnapshot, String secret) {
        static final Place RUNC = new Place("/work", "work/", "/run/token");
        static final Place USER = new Place(UserSettings.LINUX.home().toString(), "", "$OBUILDER_SECRETS_DIR/token");
    }

    /** What steps do besides, a shell's commands: where files of a step's own are written, where it prints, where a cache is. */
    record Extras(String files, String output, String cache) {
        static final Extras NONE = new Extras("true", "true", "true");
    }

    /** @param store where the snapshots are to be */
    KilledBuild(Path directory, Path store, String sandbox) throws IOException {
        lab = new Lab(directory);
        place = sandbox.equals("runc") ? Place.RUNC : Place.USER;
        if (place == Place.USER) {
            // A home needs no shell of its own, and whoever gets it owns all in it.
            Files.writeString(lab.base.resolve("bin/busybox"), "");
        }
        bench = new Workbench(directory, "overlayfs", store)
                .with("--image", "busybox=dir:" + lab.base, "--min-free", "0")
                .with(
                        "--sandbox",
                        sandbox,
                        "--secret",
                        "token:" + Files.writeString(directory.resolve("token"), SECRET));
        Path tree = Files.createDirectories(bench.context.resolve("tree"));
        for (int i = 0; i < FILES; i++) {
            Files.write(tree.resolve("file" + i), new byte[1000]);
        }
    }

    /** Makes the base image's snapshot alone. */
    void makeBase() throws IOException {
        bench.mustBuild("((from busybox))");
    }

    /** In milliseconds, of a build whose base image is there. */
    long duration() throws IOException {
        makeBase();
        long start = System.nanoTime();
        try (EngineProcess process = bench.start(spec(0, Extras.NONE))) {
            assertThat(process.join()).as(process.out() + process.err()).isZero();
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    /** What a build has told that it has saved. */
    static List<String> saved(EngineProcess process) throws IOException {
        return SAVED.matcher(process.out())
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .distinct()
                .toList();
    }

    /** How many snapshots were looked for after kills. */
    int kept() {
        return kept;
    }

    /** What was saved is there, before anything is made again and after that, and what is made again is good and leaves nothing. */
    void assertNothingLostAndMakeAgain(String spec, List<String> saved) throws IOException {
        kept += saved.size();
        try (SharedStore store = bench.open()) {
            for (String id : saved) {
                assertThat(store.find(new SnapshotId(id))).as(id).isPresent();
            }
        }

        bench.mustBuild(spec);

        for (String id : saved) {
            assertThat(bench.out()).contains("using \"" + id + "\" from cache");
        }
        assertNothingLeft();
    }

    /** Every snapshot is whole. */
    void assertWhole() throws IOException {
        Lab.assertWhole(bench);
    }

    void assertNothingLeft() throws IOException {
        lab.assertNothingLeft(bench);
        assertThat(Tools.run(bench.store(), "sh", "-c", "grep -rlF '" + SECRET + "' --devices=skip . || true"))
                .as("files of the store with the secret")
                .isEmpty();
        LinuxAccounts accounts = new LinuxAccounts(new SystemCommands());
        UserSettings settings = UserSettings.LINUX;
        for (int uid = settings.firstUid(); uid < settings.firstUid() + STAGES; uid++) {
            assertThat(accounts.userName(uid)).isEmpty();
            assertThat(accounts.groupName(uid)).isEmpty();
            assertThat(Processes.ofUser(uid)).isEmpty();
        }
        assertThat(settings.home()).doesNotExist();
        if (Files.exists(settings.runtime())) {
            try (Stream<Path> files = Files.walk(settings.runtime())) {
                assertThat(files.filter(Files::isRegularFile))
                        .allMatch(file -> file.toString().endsWith(".lock"));
            }
        }
    }

    /** Every step looks whether the one before is whole. */
    String spec(int round, Extras extras) {
        StringBuilder builds = new StringBuilder();
        StringBuilder copies = new StringBuilder();
        for (int stage = 1; stage <= STAGES; stage++) {
            builds.append(Specs.build(
                    "stage" + stage,
                    "(workdir " + place.directory() + ")",
                    copy("tree", place.directory() + "/tree"),
                    run("set -e; echo round " + round + " stage " + stage + "; [ $(ls tree | wc -l) = " + FILES + " ]; "
                            + extras.files() + "; for n in $(seq " + FILES + "); do echo $n > out$n; done"),
                    run(
                            "set -e; [ $(cat out* | wc -l) = " + FILES + " ]; rm out1; " + extras.output()
                                    + "; [ \"$(cat " + place.secret() + ")\" = '" + SECRET
                                    + "' ]; echo passed > stage" + stage,
                            secret("token", "/run/token")),
                    run(
                            "set -e; [ ! -e out1 ]; touch cache/a cache/b; cmp cache/a cache/b; echo " + stage
                                    + " >> cache/a; " + extras.cache() + "; sleep 0.1; echo " + stage + " >> cache/b",
                            cache("shared", place.directory() + "/cache"))));
            copies.append(copyFrom(
                    "stage" + stage, place.inSnapshot() + "stage" + stage, place.directory() + "/stage" + stage));
        }
        return Specs.withBuilds(
                builds.toString(),
                "(workdir " + place.directory() + ")",
                copies.toString(),
                run("[ $(cat stage* | grep -c passed) = " + STAGES + " ]"));
    }
}
