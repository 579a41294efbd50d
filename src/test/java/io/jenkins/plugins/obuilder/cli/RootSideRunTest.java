package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Pruning;
import io.jenkins.plugins.obuilder.store.SharedStore;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.testing.Gate;
import io.jenkins.plugins.obuilder.testing.RootSide;
import io.jenkins.plugins.obuilder.testing.RootSideTest;
import io.jenkins.plugins.obuilder.testing.Specs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A user who is not root builds, looks at the store and prunes it, through sudo and the installed root side. */
class RootSideRunTest extends RootSideTest {
    private void spec(String text) throws IOException {
        Files.writeString(side.home.resolve("a.spec"), text);
    }

    @Test
    void buildsWithContextSecretAndResult() throws Exception {
        spec(Specs.withBuilds(
                Specs.build("tool", Specs.run("echo made > /tool")),
                Specs.copy(".", "/src/"),
                Specs.copyFrom("tool", "/tool", "/tool"),
                Specs.run(
                        "cd /src; cat a link /tool; ls -l sub/run.sh | cut -c1-10; stat -c %Y a; sha256sum big;"
                                + " cat /run/token; readlink dangling",
                        Specs.secret("token", "/run/token"))));
        String script = """
                rm -rf ctx; mkdir -p ctx/sub
                echo contents > ctx/a; touch -d @1000000000 ctx/a; ln -s a ctx/link; ln -s nowhere ctx/dangling
                printf '#!/bin/sh\\n' > ctx/sub/run.sh; chmod 755 ctx/sub/run.sh
                head -c 5000000 /dev/urandom > ctx/big
                echo token-of-the-user > token; chmod 600 token
                sha256sum ctx/big | cut -c1-64
                obuilder build -f a.spec --image busybox=tar:$image --secret token:token --result result.json ctx
                """;

        RootSide.Ended first = side.asUser(script);

        assertThat(first.status()).as(first.all()).isZero();
        assertThat(first.out())
                .contains("contents\ncontents\nmade\n-rwxr-xr-x\n1000000000\n")
                .contains(first.out().substring(0, 64) + "  big")
                .contains("token-of-the-user\nnowhere\n");
        Path result = side.home.resolve("result.json");
        assertThat(Files.readString(result)).contains("\"status\":\"succeeded\"", "\"steps\":6");
        assertThat(Files.getOwner(result).getName()).isEqualTo(RootSide.USER);

        RootSide.Ended second = side.asUser(script.substring(script.indexOf("obuilder build")));

        assertThat(second.status()).as(second.all()).isZero();
        assertThat(Files.readString(result)).contains("\"steps\":6,\"hits\":6");
        assertThat(second.out()).contains("from cache").contains("token-of-the-user\nnowhere\n");
    }

    @Test
    void takesArchivesOfImagesFromTheUser() throws Exception {
        spec(Specs.spec(Specs.run("echo from an image")));
        Tools.run(
                side.base,
                "sh",
                "-c",
                "rm -rf oci oci.tar; mkdir oci; umask 022; skopeo --insecure-policy copy -q"
                        + " tarball:busybox.tar oci:oci:x; tar -C oci -cf oci.tar .;"
                        + " skopeo --insecure-policy copy -q oci:oci:x docker-archive:docker.tar:busybox:x");

        for (String source : new String[] {"oci:$base/oci", "oci:$base/oci.tar:x", "docker-archive:$base/docker.tar"}) {
            RootSide.Ended ended = side.asUser("obuilder build -f a.spec --image busybox=" + source);

            assertThat(ended.status()).as(source + ended.all()).isZero();
            assertThat(ended.out()).contains("from an image");
        }
    }

    @Test
    void opensImagesOfTheConfigurationItself() throws Exception {
        side.configure("image = busybox=tar:" + side.hidden.resolve("image.tar"));
        spec(Specs.spec(Specs.run("echo from the configuration")));

        RootSide.Ended ended = side.asUser("obuilder build -f a.spec");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.out()).contains("from the configuration");
    }

    @Test
    void tellsEventsAndFailuresAsItDoesForRoot() throws Exception {
        spec(Specs.spec(Specs.run("echo said; exit 3")));

        RootSide.Ended ended =
                side.asUser("obuilder build -f a.spec --image busybox=tar:$image --events jsonl --result result.json");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.out().lines()).allMatch(line -> line.startsWith("{\"event\":\""));
        assertThat(ended.out()).contains("\"text\":\"said\\n\"");
        assertThat(ended.err()).contains("a.spec:2:2").contains("exit status 3");
        assertThat(Files.readString(side.home.resolve("result.json")))
                .contains("\"status\":\"failed\"", "exit status 3");
    }

    @Test
    void mistakesInTheSpecAreFoundByTheUsersSide() throws Exception {
        spec("((from busybox) (rnu (shell x)))");

        RootSide.Ended ended = side.asUser("obuilder build -f a.spec --result result.json");

        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.err()).contains("a.spec:1:18").contains("\"run\"");
        assertThat(Files.readString(side.home.resolve("result.json"))).contains("\"status\":\"failed\"");
    }

    @Test
    void aSignalToTheUsersSideStopsTheBuildWithinSeconds() throws Exception {
        spec(Specs.spec(Specs.run("echo begun-$$; trap '' TERM INT; sleep 7302")));
        try (RootSide.Running running = side.startAsUser(
                "obuilder_itself build -f a.spec --image busybox=tar:$image & echo $! > pid; wait $!; echo status $?; exit 0")) {
            running.awaitOutput("\nbegun-");
            Instant told = Instant.now();
            side.asUser("kill -TERM $(cat pid)");
            RootSide.Ended ended = running.end();

            assertThat(ended.all()).contains("status 143").contains("the build was cancelled");
            assertThat(Duration.between(told, Instant.now())).isLessThan(Duration.ofSeconds(30));
            assertThat(side.rootProcesses()).isEmpty();
        }
    }

    @Test
    void theEndOfARequestStopsTheBuild() throws Exception {
        String text = Specs.spec(Specs.run("echo begun-$$; sleep 7302"));
        try (RootSide.Running running =
                side.startAsUser("(printf 'obuilder-request 1\\nspec " + text.length() + "\\n'; cat <<'X'\n"
                        + text + "build\nX\nwhile [ ! -e stop ]; do sleep 0.1; done) | obuilder build --request"
                        + " --image busybox=tar:$image")) {
            running.awaitOutput("\nbegun-");
            side.asUser("touch stop");

            assertThat(running.end().status()).isEqualTo(143);
        }
    }

    @Test
    void secretsOfARequestAreHiddenInTheLog() throws Exception {
        String text = Specs.spec(Specs.run("cat /run/token", Specs.secret("token", "/run/token")));
        String request =
                "obuilder-request 1\nspec " + text.length() + "\n" + text + "secret 12 token\nsecret-83724build\n";
        Files.writeString(side.home.resolve("request"), request);

        RootSide.Ended ended = side.asUser(
                "(cat request; sleep 20) | obuilder build --request --image busybox=tar:$image --result result.json");

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.out()).contains("****").doesNotContain("secret-83724");
        side.assertNotInStore("secret-83724");
    }

    @Test
    void twoBuildsAtOnceShareAStep() throws Exception {
        try (Gate gate = Gate.closed()) {
            spec(Specs.spec(Specs.run(gate.pass("step"), "(network host)")));
            String script = "obuilder build -f a.spec --image busybox=tar:$image";
            try (RootSide.Running first = side.startAsUser(script);
                    RootSide.Running second = side.startAsUser(script)) {
                gate.awaitArrivals(1);
                second.awaitOutput("(run ");
                first.awaitOutput("(run ");
                assertThat(side.rootProcesses()).hasSize(2);
                gate.letThrough();

                assertThat(first.end().status()).as(first.said()).isZero();
                assertThat(second.end().status()).as(second.said()).isZero();
            }
            assertThat(gate.arrived()).hasSize(1);
        }
    }

    @Test
    void limitsOfTheConfigurationHoldForStepsThatAskForNone() throws Exception {
        side.configure(
                "caller-images = yes", "max-output = 1K", "timeout = 1h", "pids = 500", "memory = 1G", "parallel = 1");
        spec(Specs.spec(Specs.run("while true; do echo a line of some length; done")));

        RootSide.Ended ended = side.asUser("obuilder build -f a.spec --image busybox=tar:$image");

        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.err()).contains("it printed more than a step may: 1024 bytes");
    }

    /** What is pruned is others': a caller who would have all of it deleted gets no more than the configuration says. */
    @Test
    void aCallerHasNoMorePrunedThanTheConfigurationAllows() throws Exception {
        String build = "obuilder build -f a.spec --image busybox=tar:$image ";
        spec(Specs.spec(Specs.run("echo to be kept")));
        assertThat(side.asUser(build).status()).isZero();
        spec(Specs.spec(Specs.run("echo another; sleep 1")));

        RootSide.Ended ignored = side.asUser(build + "--keep-free 100%");
        assertThat(ignored.status()).as(ignored.all()).isZero();
        assertThat(ignored.err())
                .contains("--keep-free 100%: nothing is pruned, for /etc/obuilder/agent.conf does not say keep-free\n");
        assertThat(ignored.out()).doesNotContain("prune");

        side.configure("caller-images = yes", "keep-free = 1M");
        RootSide.Ended refused = side.asUser(build + "--keep-free 100%");
        assertThat(refused.status()).as(refused.all()).isEqualTo(2);
        assertThat(refused.err()).contains("--keep-free: no more than 1M is allowed (/etc/obuilder/agent.conf:3)");
        spec(Specs.spec(Specs.run("echo to be kept")));
        assertThat(side.asUser(build + "--keep-free 10K").out()).contains("from cache\nGot: ");
    }

    @Test
    void aCallerCannotGoBelowTheFloorOfTheConfiguration() throws Exception {
        String build = "obuilder build -f a.spec --image busybox=tar:$image ";
        spec(Specs.spec(Specs.run("echo below the floor")));
        side.configure("caller-images = yes", "min-free = 100%");
        RootSide.Ended refused = side.asUser(build + "--min-free 0");
        assertThat(refused.status()).as(refused.all()).isEqualTo(1);
        assertThat(refused.err()).contains("there is too little room for it: ").contains("(--min-free)");

        side.configure("caller-images = yes", "min-free = 1K");
        assertThat(side.asUser(build + "--min-free 100%").err()).contains("there is too little room for it: ");
        assertThat(side.asUser(build).status()).isZero();
        side.configure("caller-images = yes", "min-free = lots");
        assertThat(side.asUser(build).err()).contains("agent.conf:3: min-free = lots: write a size such as 20G");
    }

    private static SnapshotId id(int n) {
        return new SnapshotId(String.format("%064x", n));
    }

    /** Three that were last used so many days ago. */
    private static void fill() throws IOException {
        try (SharedStore store = StoreOption.open(side.store())) {
            store.prune(Pruning.Limits.everything(), new Cancellation());
            for (int n = 1; n <= 3; n++) {
                try (Store.Draft draft = store.begin(id(n), Optional.empty())) {
                    Files.writeString(draft.log(), "log of " + n + "\n");
                    draft.commit();
                }
                store.index().touch(id(n), Optional.empty(), Instant.now().minus(n, ChronoUnit.DAYS));
            }
        }
    }

    private static long left() throws IOException {
        try (SharedStore store = StoreOption.open(side.store())) {
            return store.list().size();
        }
    }

    @Test
    void looksAtTheStore() throws Exception {
        fill();
        side.configure("logs = yes");
        RootSide.Ended ended = side.asUser("obuilder ls --json && obuilder log " + id(2) + " && obuilder df --store "
                + side.store() + " && obuilder doctor --json --store " + side.store());

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.out())
                .contains("\"id\":\"" + id(3) + "\"")
                .contains("\nlog of 2\n")
                .contains("\nsnapshots  3, ")
                .contains("\"check\":\"findings\",\"ok\":true");
        assertThat(ended.err()).contains("obuilder: the store is " + side.store() + "\n");
    }

    @Test
    void prunesAsFarAsTheConfigurationAllows() throws Exception {
        fill();
        RootSide.Ended refused = side.asUser("obuilder prune --limit 1; obuilder prune --max-items 2; obuilder log "
                + id(1) + "; obuilder doctor --repair --store " + side.store());
        assertThat(refused.status()).as(refused.all()).isEqualTo(2);
        assertThat(refused.err())
                .contains("obuilder: prune with neither --keep-free nor --max-items is not allowed:"
                        + " /etc/obuilder/agent.conf does not say keep-used\n")
                .contains("obuilder: --max-items is not allowed: /etc/obuilder/agent.conf does not say keep-items\n")
                .contains("obuilder: looking at saved logs, in which secrets may stand, is not allowed:"
                        + " /etc/obuilder/agent.conf does not say logs = yes\n")
                .contains("obuilder: --repair is the administrator's to say, as root\n");
        assertThat(left()).isEqualTo(3);

        side.configure("keep-used = 60h");
        RootSide.Ended pruned = side.asUser("obuilder prune --before 2100-01-01 --json");
        assertThat(pruned.status()).as(pruned.all()).isZero();
        assertThat(pruned.out()).contains("\"deleted\":1,\"left\":2,").contains("\"ids\":[\"" + id(3) + "\"]");
        assertThat(left()).isEqualTo(2);
    }
}
