package io.jenkins.plugins.obuilder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.host.SystemCommands;
import io.jenkins.plugins.obuilder.spec.SnapshotId;
import io.jenkins.plugins.obuilder.store.Store;
import io.jenkins.plugins.obuilder.store.Stores;
import io.jenkins.plugins.obuilder.testing.BusyboxTree;
import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import io.jenkins.plugins.obuilder.testing.TreeListing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever the caller's locale, umask and home are: a build prints the same, and its snapshot is the same. Through the launcher, in a
 * checkout with blanks in its path, and through the jar alone.
 */
@Needs({Need.PRIVATE_ROOT, Need.RUNC, Need.BUSYBOX_STATIC, Need.RSYNC})
class OddEnvironmentTest {
    private static final Pattern RESULT = Pattern.compile("(?m)^Got: \"([0-9a-f]{64})\"$");

    /** Prints umask and environment, and makes files whose modes hang on the umask. */
    private static final String STEP =
            "umask; env | sort; touch plain; mkdir -p sub/deep; echo 'echo x' > sub/tool; chmod +x sub/tool; ls -R";

    @TempDir
    static Path directory;

    private static Path jar;
    private static Checkout checkout;
    private static int stores;

    @BeforeAll
    static void makeEverything() throws IOException {
        jar = Path.of("target/obuilder-engine.jar").toAbsolutePath();
        checkout = new Checkout(directory.resolve("a checkout's path with \"späces\""));
        Files.createDirectories(checkout.top().resolve("target/run"));
        Files.copy(Path.of("obuilder"), checkout.top().resolve("obuilder"));
        assertThat(checkout.top().resolve("obuilder").toFile().setExecutable(true))
                .isTrue();
        Files.copy(jar, checkout.top().resolve("target/run/obuilder.jar"));
        BusyboxTree.make(directory.resolve("busybox"));
        // Names that are no UTF-8, in the base and in the context.
        Tools.script(
                directory,
                "mkdir -p context/d home; chmod 700 context/d; touch context/d/$(printf '\\377\\303\\274'); echo x > context/tool;"
                        + " chmod 700 context/tool; echo x > context/plain; chmod 600 context/plain;"
                        + " cp -a context/d busybox/odd; chmod 1770 busybox/odd; tar -cf base.tar -C busybox .;"
                        + " cp -a context/d home/odd");
    }

    /** @param home what absolute paths begin with */
    private static String spec(String home) {
        String step = "(run (cache (c (target HOME/cache))) (shell \"" + STEP + "\"))";
        return ("((build dev ((from base) (shell /bin/sh -c) (workdir HOME/made) " + step + "))\n"
                        + "(from base) (shell /bin/sh -c) (workdir HOME/main) (copy (src .) (dst ./ctx/))\n"
                        + "(copy (from (build dev)) (src made/sub) (dst sub)) " + step + ")")
                .replace("HOME", home);
    }

    private record Built(String out, SortedMap<String, String> tree) {}

    /** Builds in a store of its own. */
    private Built build(String environment, String sandbox, Object... program) throws Exception {
        boolean user = sandbox.equals("user");
        Path spec = Files.writeString(directory.resolve("the spec"), spec(user ? "/home/ob6000" : ""));
        String store = "rsync:" + directory.resolve("store " + ++stores);
        String base = user ? "dir:" + directory.resolve("home") : "tar:" + directory.resolve("base.tar");
        List<Object> argv = new ArrayList<>(List.of("/bin/sh", "-c", environment + " \"$@\"", "sh"));
        argv.addAll(List.of(program));
        argv.addAll(List.of("build", "-f", spec, "--sandbox", sandbox, "--store", store, "--image", "base=" + base));
        argv.add(directory.resolve("context"));

        Checkout.Ended ended = new Checkout.Call(argv.toArray()).run();

        assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
        assertThat(ended.err()).isEmpty();
        Matcher result = RESULT.matcher(ended.out());
        assertThat(result.find()).isTrue();
        try (Store opened = Stores.open(store, new SystemCommands());
                Store.View view = opened.open(new SnapshotId(result.group(1)))) {
            SortedMap<String, String> tree = TreeListing.of(view.rootfs());
            // When a step made a file is no part of what is compared.
            tree.replaceAll((name, line) -> line.replaceAll(" at [0-9.]+", ""));
            return new Built(ended.out(), tree);
        }
    }

    /** @param environment of the caller: a umask, and what {@code env} makes of the rest */
    @ParameterizedTest
    @CsvSource({
        "runc, umask 077; exec env LC_ALL=C LANG=C",
        "runc, exec env -u HOME -u LANG LC_ALL=POSIX",
        "runc, umask 0; cd /; exec env -i PATH=/usr/bin:/bin",
        "runc, exec env LC_ALL=xx_YY.ISO-8859-1 TMPDIR=/nonexistent TZ=Asia/Tokyo LS_COLORS=x TAR_OPTIONS=--bad",
        "user, umask 077; exec env -i PATH=/usr/bin:/bin LC_ALL=C",
    })
    void theBuildIsTheSame(String sandbox, String environment) throws Exception {
        Object[] launcher = {checkout.top().resolve("obuilder")};
        Object[] java = {Path.of(System.getProperty("java.home"), "bin/java"), "-jar", jar};
        Built usual = build("umask 022; exec", sandbox, launcher);
        assertThat(usual.out()).contains("\n0022\n");

        for (Object[] program : new Object[][] {launcher, java}) {
            Built odd = build(environment, sandbox, program);

            assertThat(odd.out()).as("through " + program[0]).isEqualTo(usual.out());
            assertThat(difference(odd, usual)).as("through " + program[0]).isEmpty();
            assertThat(difference(usual, odd)).as("through " + program[0]).isEmpty();
        }
    }

    /** What is in one tree and not the same in the other. */
    private static Set<Map.Entry<String, String>> difference(Built one, Built other) {
        Set<Map.Entry<String, String>> rest = new HashSet<>(one.tree().entrySet());
        rest.removeAll(other.tree().entrySet());
        return rest;
    }
}
