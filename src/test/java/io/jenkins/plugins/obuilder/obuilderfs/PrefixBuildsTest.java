package io.jenkins.plugins.obuilder.obuilderfs;

import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.ALICE;
import static io.jenkins.plugins.obuilder.obuilderfs.PrefixLab.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the path is for: software is configured for it, built, installed into it, used from it, by each user for itself. */
@Needs({Need.PRIVATE_ROOT, Need.FUSE, Need.CC, Need.GIT})
class PrefixBuildsTest {
    /** Configures, builds and installs below the path; what is built writes the prefix that it was configured with. */
    private static final String BUILD = """
            mkdir -p "$P/src"; cd "$P/src"
            cp -R "$SOURCES" greeting; cd greeting
            sh ./configure --prefix="$P" --name="$NAME" > configure.log
            make > make.log; make check > check.log; make install > install.log
            cd /; "$P/bin/greet"; "$P/bin/greet-script"
            """;

    private static final String CLONE = """
            export GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=e GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=e
            git clone --quiet "$REPOSITORY" "$P/clone"; cd "$P/clone"
            git fsck --full 2> /dev/null; git status --porcelain
            for i in 1 2 3; do echo "$NAME $i" > own; git add own; git commit --quiet -m "$NAME $i"; done
            git gc --quiet; git fsck --full 2> /dev/null; git status --porcelain; git log --format=%s -n 4
            """;

    @TempDir
    private Path directory;

    private PrefixLab lab;
    private Path sources;
    private Path repository;

    private void mount(Mode mode) throws IOException {
        lab = new PrefixLab(directory, mode);
        lab.view.repair();
        sources = lab.directory.resolve("sources");
        Path original = Path.of("src/test/resources/greeting").toAbsolutePath();
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, sources.resolve(original.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Tools.run(directory, "chmod", "-R", "a+rX", sources.toString());
        repository = lab.directory.resolve("repository");
        Tools.script(lab.directory, """
                export HOME=$PWD GIT_AUTHOR_NAME=n GIT_AUTHOR_EMAIL=e GIT_COMMITTER_NAME=n GIT_COMMITTER_EMAIL=e
                git init --quiet repository; cd repository
                for d in $(seq 10); do mkdir d$d; for f in $(seq 20); do echo $d $f > d$d/f$f; done; ln -s f1 d$d/link; git add .;
                    git commit --quiet -m "commit $d"; done
                """);
        Tools.script(lab.directory, "printf '[safe]\\n\\tdirectory = *\\n' > gitconfig; chmod 644 gitconfig");
    }

    @AfterEach
    void unmount() throws IOException {
        lab.close();
    }

    private String run(int uid, String script) throws IOException {
        return lab.mustSh(
                uid,
                "export SOURCES=" + sources + " REPOSITORY=" + repository + " GIT_CONFIG_GLOBAL=" + lab.directory
                        + "/gitconfig NAME=user" + uid + "; " + script);
    }

    private List<String> bothAtOnce(String script) throws Exception {
        List<CompletableFuture<String>> users = new ArrayList<>();
        for (int uid : new int[] {ALICE, BOB}) {
            users.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return run(uid, script);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        List<String> said = new ArrayList<>();
        for (CompletableFuture<String> user : users) {
            said.add(user.get(3, TimeUnit.MINUTES));
        }
        return said;
    }

    private String greetings(int uid) {
        return "user" + uid + " from " + lab.prefix() + " knows 12 words\nuser" + uid + " from " + lab.prefix() + "\n";
    }

    private static String commits(int uid) {
        return "user" + uid + " 3\nuser" + uid + " 2\nuser" + uid + " 1\ncommit 10\n";
    }

    @Test
    void twoUsersBuildTheSameSoftwareAtTheSameTime() throws Exception {
        mount(Mode.REDIRECT);
        assertThat(bothAtOnce(BUILD)).containsExactly(greetings(ALICE), greetings(BOB));
        assertThat(lab.local(ALICE).resolve("bin/greet")).isExecutable();
        assertThat(lab.local(BOB).resolve("bin/greet")).isExecutable();
    }

    @Test
    void twoUsersCloneTheSameRepositoryAtTheSameTime() throws Exception {
        mount(Mode.REDIRECT);
        assertThat(bothAtOnce(CLONE)).containsExactly(commits(ALICE), commits(BOB));
    }

    @Test
    void oneUserDoesBothAtThePathItself() throws Exception {
        mount(Mode.PASSTHROUGH);
        assertThat(run(ALICE, BUILD)).isEqualTo(greetings(ALICE));
        assertThat(run(ALICE, CLONE)).isEqualTo(commits(ALICE));
        assertThat(lab.sh(BOB, "$P/bin/greet").complaint()).contains("busy");
        assertThat(lab.local(BOB)).isEmptyDirectory();
    }

    /** As Homebrew does: it asks for its real path, refuses any other than the one it is made for, and writes it into what it installs. */
    @Test
    void aToolThatAsksForItsRealPrefixGetsThePathItself() throws Exception {
        mount(Mode.PASSTHROUGH);
        lab.write(ALICE, "bin/brew", """
                #!/bin/sh
                prefix=$(cd "$(dirname "$0")/.." && pwd -P)
                [ "$prefix" = "$1" ] || { echo "refused: $prefix" >&2; exit 1; }
                printf '#!/bin/sh\\necho "$0 of %s"\\n' "$prefix" > "$prefix/bin/tool"
                chmod +x "$prefix/bin/tool"
                """);
        Tools.run(lab.local(ALICE), "chmod", "755", "bin/brew");

        assertThat(run(ALICE, "$P/bin/brew $P; $P/bin/tool"))
                .isEqualTo(lab.mountpoint + "/bin/tool of " + lab.mountpoint + "\n");
    }
}
