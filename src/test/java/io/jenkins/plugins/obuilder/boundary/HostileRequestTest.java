package io.jenkins.plugins.obuilder.boundary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.jenkins.plugins.obuilder.testing.Need;
import io.jenkins.plugins.obuilder.testing.Needs;
import io.jenkins.plugins.obuilder.testing.RootSide;
import io.jenkins.plugins.obuilder.testing.Specs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever may run the wrapper may ask it for whatever it likes: none of them makes root do what it should not. */
@Needs({Need.PRIVATE_ROOT, Need.SUDO, Need.RUNC, Need.OVERLAYFS, Need.BUSYBOX_STATIC})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileRequestTest {
    private static final String SPEC = Specs.spec(Specs.copy(".", "/src/"), Specs.run("find /src"));
    private static final List<String> BUSYBOX = List.of("busybox");
    private static final RootConnection.Files NOTHING = (question, reply) -> {
        throw new IOException("the caller says no");
    };

    private static RootSide side;

    /** Says nothing: from the beginning on, since it takes a while. */
    private static HostileCaller silent;

    private static List<Long> silentRoot;

    @BeforeAll
    static void install() throws IOException {
        side = RootSide.install();
        side.configureUsual();
        silent = HostileCaller.greeted(side);
        silentRoot = side.rootProcesses();
    }

    @AfterAll
    static void remove() throws IOException {
        side.close();
    }

    @BeforeEach
    void configure() throws IOException {
        side.configureUsual();
    }

    @AfterEach
    void nothingOfRootsWasRead() throws IOException {
        side.assertNotInStore(RootSide.SECRET);
    }

    /** Sends these bytes in place of a request, and waits for the end. */
    private String sends(byte[] bytes) throws IOException {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            caller.process.getOutputStream().write(bytes);
            caller.process.getOutputStream().flush();
            caller.follow(NOTHING);
            assertThat(caller.end()).isNotZero();
            return caller.said();
        }
    }

    private static byte[] frame(FrameType type, byte[] payload) {
        return ByteBuffer.allocate(Frame.HEADER + payload.length)
                .put(type.code)
                .putInt(0)
                .putInt(payload.length)
                .put(payload)
                .array();
    }

    @Test
    void aRequestOfAnotherVersionIsRefused() throws Exception {
        byte[] settings = "{\"protocol\":99,\"options\":[],\"images\":[],\"specName\":\"x\"}".getBytes(UTF_8);

        assertThat(sends(frame(
                        FrameType.REQUEST,
                        ByteBuffer.allocate(8 + settings.length)
                                .putInt(settings.length)
                                .put(settings)
                                .putInt(0)
                                .array())))
                .contains("the protocol 99, here it is " + Protocol.VERSION);
    }

    @Test
    void whatIsNoFrameIsRefused() throws Exception {
        assertThat(sends("GET / HTTP/1.0\r\n\r\n".getBytes(UTF_8))).contains("does not speak as it should");
    }

    @Test
    void aHugeFrameIsRefusedBeforeItComes() throws Exception {
        byte[] header = ByteBuffer.allocate(9)
                .put(FrameType.REQUEST.code)
                .putInt(0)
                .putInt(Integer.MAX_VALUE)
                .array();

        assertThat(sends(header)).contains("does not speak as it should");
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, -1, Request.LARGEST_SETTINGS + 1})
    void aHugeRequestIsRefusedBeforeItComes(int length) throws Exception {
        byte[] promise = ByteBuffer.allocate(4).putInt(length).array();

        assertThat(sends(frame(FrameType.REQUEST, promise))).contains("a request with a part of " + length + " bytes");
    }

    @Test
    void anEndlessRequestIsNotKept() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            OutputStream stream = caller.out.stream(FrameType.REQUEST);
            stream.write(ByteBuffer.allocate(4).putInt(2).array());
            stream.write("{}".getBytes(UTF_8));
            try {
                HostileCaller.endless(stream);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("pipe");
            }
            assertThat(caller.end()).isNotZero();
        }
    }

    @Test
    void aHugeSecretIsRefusedBeforeItComes() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            byte[] body = "obuilder-request 1\nsecret 2000000000 token\nxxxx".getBytes(UTF_8);

            assertThat(caller.asks(
                            new Request(List.of(), Optional.empty(), "spec", false, false, List.of(), body), NOTHING))
                    .isEqualTo(2);
            assertThat(caller.said()).contains("too long");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--store=overlayfs:/home/obcaller/store",
                "--result=/etc/cron.d/x",
                "--secret=token:/etc/shadow",
                "--image=busybox=dir:/root",
                "--file=/etc/shadow",
                "--wrapper=/bin/sh",
                "--request",
                "--accounts=0",
                "--uid=0",
                "--scoreboard=/etc",
                "--bases=/root",
                "--config=/home/obcaller/agent.conf",
                "@/etc/shadow",
                "-f/etc/shadow",
                "/root",
                "--",
                "--memory",
                "--memory=${sys:user.home}",
                "--sandbox=@/etc/shadow",
                "--events=/etc/shadow",
                "--stor=x",
                "--help"
            })
    void anOptionThatIsNotACallersIsRefused(String option) throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            assertThat(caller.asks(HostileCaller.request(SPEC, BUSYBOX, option), NOTHING))
                    .isEqualTo(2);
            assertThat(caller.said()).doesNotContain("root:").doesNotContain("/root:");
        }
    }

    @Test
    void aStoreThatIsNotConfiguredIsRefused() throws Exception {
        for (String store : List.of(
                "overlayfs:/home/obcaller/store",
                side.store() + "/",
                side.store() + "/../store",
                "rsync:" + side.store().substring(10))) {
            try (HostileCaller caller = HostileCaller.greeted(side)) {
                Request request = new Request(
                        List.of(), Optional.of(store), "spec", false, false, BUSYBOX, HostileCaller.body(SPEC));

                assertThat(caller.asks(request, NOTHING)).isEqualTo(2);
                assertThat(caller.said()).contains("agent.conf allows " + side.store());
            }
        }
    }

    /** What the engine's own front would not even send. */
    @Test
    void onlyLooksThatAreAllowedAreTaken() throws Exception {
        for (Request request : List.of(
                Request.of("clean", List.of(), Optional.empty(), false),
                Request.of("doctor", List.of("--repair"), Optional.of(side.store()), false),
                Request.of("ls", List.of("--log-commands=/etc/cron.d/x"), Optional.empty(), false),
                Request.of("log", List.of("0".repeat(64)), Optional.empty(), false),
                Request.of("ls", List.of(), Optional.of("rsync:/"), false))) {
            try (HostileCaller caller = HostileCaller.greeted(side)) {
                assertThat(caller.asks(request, NOTHING)).as(request.toString()).isEqualTo(2);
                assertThat(caller.said()).containsAnyOf("not a caller's to", "agent.conf");
            }
        }
        assertThat(java.nio.file.Files.exists(java.nio.file.Path.of("/etc/cron.d/x")))
                .isFalse();
    }

    @Test
    void aCallerThatGoesInTheMiddleLeavesNothing() throws Exception {
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            caller.connection.request(
                    HostileCaller.request(Specs.spec(Specs.run("trap '' TERM; sleep 7302")), BUSYBOX));
            RootConnection.Files answers = HostileCaller.withImage(side, NOTHING);
            Thread follower = new Thread(() -> {
                try {
                    caller.follow(answers);
                } catch (IOException e) {
                    // The pipe is closed below.
                    assertThat(e).isNotNull();
                }
            });
            follower.setDaemon(true);
            follower.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> caller.said().contains("sleep 7302"));
            caller.process.getOutputStream().close();
            await().atMost(Duration.ofSeconds(30)).until(() -> silentRoot.containsAll(side.rootProcesses()));
        }
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").endsWith("sleep 7302")))
                .isEmpty();
    }

    @Test
    void whatACallerMayNotUseIsRefused() throws Exception {
        side.configure();
        for (Request request : List.of(
                HostileCaller.request(Specs.spec(Specs.run("true")), BUSYBOX),
                HostileCaller.request(Specs.spec(Specs.run("true", "(network host)")), List.of()),
                HostileCaller.request(
                        Specs.withBuilds(Specs.build("n", Specs.run("true", "(network host)"))), List.of()),
                new Request(
                        List.of(),
                        Optional.empty(),
                        "spec",
                        false,
                        false,
                        List.of(),
                        ("obuilder-request 1\nspec 16\n((from busybox))secret 1 x\nxbuild\n").getBytes(UTF_8)))) {
            try (HostileCaller caller = HostileCaller.greeted(side)) {
                assertThat(caller.asks(request, NOTHING)).isEqualTo(2);
                assertThat(caller.said()).contains("is not allowed: /etc/obuilder/agent.conf does not say");
            }
        }
    }

    @Test
    void aCallersImageTakesNobodysName() throws Exception {
        side.configure("caller-images = yes", "image = busybox=tar:" + side.image);
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            assertThat(caller.asks(HostileCaller.request(SPEC, BUSYBOX), NOTHING))
                    .isEqualTo(2);
            assertThat(caller.said()).contains("has an image of that name");
        }
        side.configureUsual();
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            assertThat(caller.asks(HostileCaller.request(SPEC, BUSYBOX, "--base-identity=name"), NOTHING))
                    .isEqualTo(2);
            assertThat(caller.said()).contains("only images of the configuration");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--memory=2G",
                "--pids=501",
                "--cpus=1.5",
                "--max-output=2M",
                "--disk=2G",
                "--step-timeout=2m",
                "--timeout=3m",
                "--sandbox=user"
            })
    void moreThanIsAllowedIsRefused(String option) throws Exception {
        side.configure(
                "sandbox = runc",
                "caller-images = yes",
                "memory = 1G",
                "pids = 500",
                "cpus = 1",
                "max-output = 1M",
                "disk = 1G",
                "step-timeout = 1m",
                "timeout = 2m");
        try (HostileCaller caller = HostileCaller.greeted(side)) {
            assertThat(caller.asks(HostileCaller.request(SPEC, BUSYBOX, option), NOTHING))
                    .isEqualTo(2);
            assertThat(caller.said()).contains("allow").contains("agent.conf");
        }
    }

    @Test
    void noMoreBuildsAtATimeThanAreAllowed() throws Exception {
        side.configure("caller-images = yes", "builds = 1");
        try (HostileCaller first = HostileCaller.greeted(side);
                HostileCaller second = HostileCaller.greeted(side)) {
            first.connection.request(HostileCaller.request(SPEC, BUSYBOX));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> java.nio.file.Files.exists(side.prefix.resolve("run/build-0.lock")));

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                try (HostileCaller third = HostileCaller.greeted(side)) {
                    assertThat(third.asks(HostileCaller.request(SPEC, BUSYBOX), NOTHING))
                            .isEqualTo(1);
                    assertThat(third.said()).contains("does 1 builds already");
                }
            });
            second.connection.cancel(1, "not wanted");
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void aCallerThatSaysNothingIsNotWaitedForForEver() throws Exception {
        assertThat(silent.end()).isEqualTo(1);
        assertThat(silent.said()).contains("the caller has not said what it wants");
        silent.close();
    }
}
