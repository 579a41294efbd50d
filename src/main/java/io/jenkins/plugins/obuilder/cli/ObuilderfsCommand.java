package io.jenkins.plugins.obuilder.cli;

import io.jenkins.plugins.obuilder.obuilderfs.Mode;
import io.jenkins.plugins.obuilder.obuilderfs.Obuilderfs;
import io.jenkins.plugins.obuilder.obuilderfs.ObuilderfsDaemon;
import io.jenkins.plugins.obuilder.obuilderfs.ObuilderfsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code obuilder obuilderfs}. */
@Command(
        name = "obuilderfs",
        description =
                "Makes one path lead each user to the directory \"local\" in its own home, as the links in SCOREBOARD say.",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "SCOREBOARD/UID is a link, made by root, to the current home of the user UID.",
            "passthrough shows the tree at MOUNTPOINT itself, to one user at a time; redirect makes the link MOUNTPOINT/local,",
            "for any number of users. It is unmounted with: umount MOUNTPOINT"
        })
final class ObuilderfsCommand implements Callable<Integer> {
    /** What FUSE libraries take and what makes no difference here; many come with a value. */
    private static final Set<String> ACCEPTED = Set.of(
            "allow_other",
            "allow_root",
            "attr_timeout",
            "auto_cache",
            "auto_unmount",
            "auto_xattr",
            "big_writes",
            "daemon_timeout",
            "default_permissions",
            "defer_permissions",
            "dev",
            "entry_timeout",
            "exec",
            "fsname",
            "fstypename",
            "intr",
            "iosize",
            "kernel_cache",
            "local",
            "max_read",
            "negative_timeout",
            "noappledouble",
            "noapplexattr",
            "noatime",
            "noattrcache",
            "nobrowse",
            "nodev",
            "nolocalcaches",
            "nonempty",
            "nosuid",
            "rw",
            "subtype",
            "use_ino",
            "volicon",
            "volname");

    @ParentCommand
    private ObuilderCommand parent;

    @Option(
            names = "-o",
            paramLabel = "OPTION",
            split = ",",
            description = {
                "mode=passthrough (the default), mode=redirect, or ro. Other options of FUSE file systems, such as allow_other,"
                        + " are accepted and change nothing: the mount is for all users, and nothing is remembered that could be shown to"
                        + " another."
            })
    private List<String> options = new ArrayList<>();

    @Option(names = "-f", description = "Stay in the foreground.")
    private boolean foreground;

    @Option(names = "-s", description = "Answer one request at a time.")
    private boolean single;

    @Option(names = "-d", hidden = true, description = "Like -f, as FUSE file systems have it.")
    private boolean debug;

    @Parameters(index = "0", paramLabel = "SCOREBOARD", description = "The directory of links.")
    private Path scoreboard;

    @Parameters(index = "1", paramLabel = "MOUNTPOINT", description = "The path, such as /opt/homebrew: a directory.")
    private Path mountpoint;

    @Override
    public Integer call() throws UserException, IOException {
        ObuilderfsSettings settings = settings();
        Obuilderfs view = new Obuilderfs(settings);
        Optional<String> why = view.whyUnsupported();
        if (why.isPresent()) {
            throw UserException.failed("obuilderfs does not work here: " + why.get());
        }
        if (foreground || debug) {
            ObuilderfsDaemon.serve(settings, Obuilderfs.RUN, () -> {});
        } else {
            view.mountNew();
        }
        return ExitCodes.OK;
    }

    private ObuilderfsSettings settings() throws UserException, IOException {
        Mode mode = Mode.PASSTHROUGH;
        boolean readOnly = false;
        for (String option : options) {
            String name = option.replaceFirst("=.*", "");
            if (name.equals("mode")) {
                String value = option.substring(Math.min(option.length(), "mode=".length()));
                mode = Mode.of(value)
                        .orElseThrow(() ->
                                UserException.usage("-o " + option + ": there are mode=passthrough and mode=redirect"));
            } else if (name.equals("ro")) {
                readOnly = true;
            } else if (!ACCEPTED.contains(name)) {
                throw UserException.usage("-o " + option
                        + ": obuilderfs has no such option; it has mode=passthrough, mode=redirect" + " and ro");
            }
        }
        if (!Files.isDirectory(scoreboard)) {
            throw UserException.usage("there is no directory " + scoreboard
                    + " for the scoreboard; make it: install -d -m 755 " + scoreboard);
        }
        if (mountpoint.toAbsolutePath().getParent() == null
                || !Files.isDirectory(mountpoint.toAbsolutePath().getParent())) {
            throw UserException.usage(
                    "there is no directory " + mountpoint + " to mount at; make it: mkdir -p " + mountpoint);
        }
        ObuilderfsSettings settings =
                ObuilderfsSettings.of(scoreboard, mountpoint, mode).withReadOnly(readOnly);
        return single ? settings.withThreads(1) : settings;
    }
}
