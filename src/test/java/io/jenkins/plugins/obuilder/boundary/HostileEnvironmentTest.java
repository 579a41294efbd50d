package io.jenkins.plugins.obuilder.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RootSide;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No variable of a caller's environment reaches root's Java, or the shell that starts it. */
@Needs({Need.PRIVATE_ROOT, Need.SUDO})
class HostileEnvironmentTest {
    private static RootSide side;

    @BeforeAll
    static void install() throws IOException {
        side = RootSide.install();
        // Programs of these names would be run if root looked where a variable says.
        RootSide.Ended ended = side.asUser("for p in java find env sh evil.sh evil.so; do"
                + " printf '#!/bin/sh\\necho $0 > /home/obcaller/was-run\\n' > $p; chmod 755 $p; done");
        assertThat(ended.status()).isZero();
    }

    @AfterAll
    static void remove() throws IOException {
        side.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LD_PRELOAD=/home/obcaller/evil.so",
                "LD_LIBRARY_PATH=/home/obcaller",
                "LD_AUDIT=/home/obcaller/evil.so",
                "JAVA_TOOL_OPTIONS=-Devil=1",
                "_JAVA_OPTIONS=-Devil=1",
                "JDK_JAVA_OPTIONS=-Devil=1",
                "CLASSPATH=/home/obcaller",
                "JAVA_HOME=/home/obcaller",
                "TMPDIR=/home/obcaller HOME=/home/obcaller XDG_CACHE_HOME=/home/obcaller",
                "BASH_ENV=/home/obcaller/evil.sh ENV=/home/obcaller/evil.sh SHELLOPTS=xtrace PS4=$(/home/obcaller/evil.sh) IFS=/",
                "LC_ALL=../../home/obcaller TZ=/home/obcaller/x TERM=evil COLORTERM=evil DISPLAY=evil PS1=evil XAUTHORITY=evil",
                "OBUILDER_DEBUG=1 SUDO_UID=0 SUDO_USER=root SUDO_COMMAND=x"
            })
    void isNotRoots(String variables) throws Exception {
        String[] before =
                Stream.concat(Stream.of("env"), Stream.of(variables.split(" "))).toArray(String[]::new);
        try (HostileCaller caller = HostileCaller.of(side, before)) {
            assertThat(caller.connection.awaitHello()).as(caller.said()).isPresent();

            assertThat(side.rootProcesses())
                    .hasSize(1)
                    .allSatisfy(pid -> assertThat(HostileCaller.environment(pid))
                            .isEqualTo(Map.of(
                                    "PATH",
                                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                    "LC_ALL",
                                    "C.UTF-8")));
            assertThat(caller.said()).doesNotContain("Picked up");
        }
        side.assertNothingLeft();
        assertThat(Path.of("/home/obcaller/was-run")).doesNotExist();
    }
}
