package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.MacFacts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.obuilderfs.ExternalObuilderfs;
import io.jenkins.plugins.obuilder.obuilderfs.Mode;
import io.jenkins.plugins.obuilder.obuilderfs.Obuilderfs;
import io.jenkins.plugins.obuilder.obuilderfs.ObuilderfsSettings;
import io.jenkins.plugins.obuilder.obuilderfs.PrefixView;
import io.jenkins.plugins.obuilder.sandbox.MacSettings;
import io.jenkins.plugins.obuilder.sandbox.MacSettings.PrefixMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the user sandbox on macOS. Those of the reference's older versions are among them, with the same meaning. */
final class MacOptions {
    @Option(
            names = "--accounts",
            paramLabel = "FIRST[-LAST]",
            description =
                    "macOS: numbers of the users that steps run as, one a build (default: 6000). Each has a home path of its"
                            + " own, and so its own snapshots.")
    private String accounts;

    @Option(
            names = "--uid",
            paramLabel = "UID",
            description = "macOS: the number of the one user that steps run as; the same as --accounts UID.")
    private Integer uid;

    @Option(
            names = {"--prefix", "--brew-path", "--fuse-path"},
            paramLabel = "DIR",
            description =
                    "macOS: where Homebrew belongs (default: /opt/homebrew, on Intel /usr/local). A home's local comes there.")
    private Path prefix;

    @Option(
            names = "--prefix-mode",
            paramLabel = "swap|redirect|passthrough",
            description =
                    "macOS: how it comes there: moved for a step at a time (the default), or by obuilderfs, for all at a"
                            + " time or for one.")
    private PrefixMode prefixMode;

    @Option(names = "--no-fuse", description = "macOS: without obuilderfs, as is the default.")
    private boolean noFuse;

    @Option(
            names = "--scoreboard",
            paramLabel = "DIR",
            description =
                    "macOS: where a link leads from each user's number to its home (default: /var/db/obuilder/scoreboard).")
    private Path scoreboard;

    @Option(
            names = "--fallback",
            paramLabel = "DIR",
            description =
                    "macOS: accepted and not needed. To the reference's older versions it was a directory with dynamic libraries.")
    private Path fallback;

    @Option(
            names = "--open-network",
            description =
                    "macOS: let every step have the network, as the reference does; otherwise only those with (network host) do.")
    private boolean openNetwork;

    @Option(
            names = "--seatbelt",
            description = "macOS: run commands in sandbox-exec, too. Not for builds that use it themselves.")
    private boolean seatbelt;

    /** @throws UserException when an option makes no sense, or is given where there is no macOS */
    void refuseElsewhere() throws UserException {
        boolean given = accounts != null
                || uid != null
                || prefix != null
                || prefixMode != null
                || noFuse
                || scoreboard != null
                || fallback != null
                || openNetwork
                || seatbelt;
        if (given && !OperatingSystem.isMac()) {
            throw UserException.usage(
                    "--accounts, --uid, --prefix, --prefix-mode, --scoreboard and their like are for macOS, which this is not");
        }
    }

    MacSettings settings(MacFacts facts) throws UserException {
        int[] range = range();
        Path brew = prefix != null ? absolute(prefix) : Path.of(facts.isArm() ? "/opt/homebrew" : "/usr/local");
        if (noFuse && prefixMode != null && prefixMode != PrefixMode.SWAP) {
            throw UserException.usage("--no-fuse and --prefix-mode " + prefixMode + " contradict each other");
        }
        MacSettings usual = MacSettings.of(range[0], range[1], brew);
        try {
            return new MacSettings(
                    range[0],
                    range[1],
                    usual.homes(),
                    usual.runtime(),
                    scoreboard == null ? usual.scoreboard() : absolute(scoreboard),
                    brew,
                    prefixMode == null ? PrefixMode.SWAP : prefixMode,
                    openNetwork,
                    seatbelt);
        } catch (IllegalArgumentException e) {
            throw UserException.usage(e.getMessage(), e);
        }
    }

    /** What leads accounts to their own part of the prefix; empty where what belongs there is moved there. */
    static Optional<PrefixView> view(MacSettings settings, Commands commands) throws IOException {
        Path board = settings.scoreboard();
        return switch (settings.prefixMode()) {
            case SWAP -> Optional.empty();
            case REDIRECT -> Optional.of(view(board, settings.runtime().resolve("prefix"), Mode.REDIRECT));
            case PASSTHROUGH -> Optional.of(passthrough(commands, board, settings.prefix()));
        };
    }

    /** Whoever has installed an obuilderfs of another make wants that one. */
    private static PrefixView passthrough(Commands commands, Path scoreboard, Path prefix) throws IOException {
        Files.createDirectories(prefix);
        Optional<PrefixView> external = ExternalObuilderfs.find(commands, scoreboard, prefix);
        return external.isPresent() ? external.get() : view(scoreboard, prefix, Mode.PASSTHROUGH);
    }

    private static PrefixView view(Path scoreboard, Path mountpoint, Mode mode) throws IOException {
        Files.createDirectories(scoreboard);
        Files.createDirectories(mountpoint);
        return new Obuilderfs(ObuilderfsSettings.of(scoreboard, mountpoint, mode));
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private int[] range() throws UserException {
        if (uid != null && accounts != null) {
            throw UserException.usage("give either --uid or --accounts");
        }
        String text = uid != null ? uid.toString() : accounts == null ? "" + MacSettings.FIRST_UID : accounts;
        if (!text.matches("[0-9]{1,9}(-[0-9]{1,9})?")) {
            throw UserException.usage("--accounts " + text + ": write a number, or the first and the last: 6000-6003");
        }
        String[] ends = text.split("-");
        int first = Integer.parseInt(ends[0]);
        int last = Integer.parseInt(ends[ends.length - 1]);
        try {
            MacSettings.of(first, last, Path.of("/opt/homebrew"));
        } catch (IllegalArgumentException e) {
            throw UserException.usage("--accounts " + text + ": " + e.getMessage(), e);
        }
        return new int[] {first, last};
    }
}
