package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.BackgroundProcess;
import io.jenkins.plugins.obuilder.host.FuseConnection;
import io.jenkins.plugins.obuilder.host.FuseMounts;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.OperatingSystem;
import io.jenkins.plugins.obuilder.host.ProcessUser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The per-user path as this program provides it: a FUSE file system served by a process of its own, which several processes share and
 * which outlives them. Thread-safe. Nothing here ever looks at the mount itself, so nothing waits for a server that is stuck.
 */
public final class Obuilderfs implements PrefixView {
    private static final Logger LOG = LoggerFactory.getLogger(Obuilderfs.class);

    /** Where the files are by which its process is found: a place that a restart empties. macOS has no {@code /run}, nor can one be made. */
    public static final Path RUN =
            Path.of(OperatingSystem.isMac() ? "/private/var/run/obuilder/obuilderfs" : "/run/obuilder/obuilderfs");

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STATUS_LIMIT = Duration.ofSeconds(5);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);

    private final ObuilderfsSettings settings;
    private final Path run;
    private final RunFiles files;

    /** Does nothing yet. */
    public Obuilderfs(ObuilderfsSettings settings) {
        this(settings, RUN);
    }

    Obuilderfs(ObuilderfsSettings settings, Path run) {
        this.settings = settings;
        this.run = run;
        files = new RunFiles(run, settings.mountpoint());
    }

    /** One that is mounted and works. */
    public static Obuilderfs mount(Path scoreboard, Path mountpoint, Mode mode) throws IOException {
        Obuilderfs view = new Obuilderfs(ObuilderfsSettings.of(scoreboard, mountpoint, mode));
        view.repair();
        return view;
    }

    @Override
    public Path path() {
        return settings.mode() == Mode.REDIRECT
                ? settings.mountpoint().resolve(RedirectFiles.LINK)
                : settings.mountpoint();
    }

    @Override
    public Optional<String> whyUnsupported() {
        if (ProcessUser.uid() != 0) {
            return Optional.of("mounting for all users takes root");
        }
        if (FuseConnection.isMacFuse() && settings.mode() == Mode.PASSTHROUGH) {
            return Optional.of(
                    "on macOS obuilderfs works by a link alone (redirect); install the obuilderfs of the reference, or let the"
                            + " prefix be swapped");
        }
        return FuseConnection.whyUnsupported();
    }

    @Override
    public void repair() throws IOException {
        if (works()) {
            return;
        }
        files.alone(() -> {
            if (!works()) {
                clean();
                start();
            }
        });
    }

    /**
     * Mounts; what a crash has left there is replaced.
     *
     * @throws HostException when it is mounted already and works
     */
    public void mountNew() throws IOException {
        files.alone(() -> {
            if (status().isPresent()) {
                throw new HostException(settings.mountpoint() + " is mounted already; unmount it first: umount "
                        + settings.mountpoint());
            }
            clean();
            start();
        });
    }

    private record Status(Mode mode, long device, String scoreboard) {}

    /** Whether the process lives, and what it serves is what is seen at the path. */
    private boolean works() throws IOException {
        Optional<Status> status = status();
        if (status.isEmpty()) {
            return false;
        }
        Status is = status.get();
        if (is.mode() != settings.mode()
                || !is.scoreboard().equals(settings.scoreboard().toString())) {
            throw new HostException("cannot mount at " + settings.mountpoint() + ": it is mounted in the mode "
                    + is.mode() + " with the scoreboard " + is.scoreboard() + "; unmount it first: umount "
                    + settings.mountpoint());
        }
        return ObuilderfsDaemon.topmost(settings.mountpoint())
                .filter(mount -> mount.device() == is.device())
                .isPresent();
    }

    /** Empty when no process answers. */
    private Optional<Status> status() throws IOException {
        if (!Files.exists(files.socket())) {
            return Optional.empty();
        }
        try (Control control = Control.connect(files.socket())) {
            String[] parts =
                    control.askUntilEnd(Control.STATUS, STATUS_LIMIT).orElse("").split("\t", 3);
            return Mode.of(parts[0])
                    .filter(mode -> parts.length == 3)
                    .map(mode -> new Status(mode, Long.parseLong(parts[1]), parts[2]));
        } catch (IOException e) {
            LOG.debug("nobody serves {}: {}", settings.mountpoint(), e.getMessage());
            return Optional.empty();
        }
    }

    private void start() throws IOException {
        Path program = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> argv = new ArrayList<>(List.of(
                program.toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-cp",
                classPath(),
                ObuilderfsDaemon.class.getName()));
        argv.addAll(ObuilderfsDaemon.arguments(settings, run));
        BackgroundProcess.start("mount obuilderfs at " + settings.mountpoint(), argv, files.log(), START_LIMIT);
    }

    /** The same as this process', from any directory. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(part -> !part.isEmpty())
                .map(part -> Path.of(part).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    /** Ends a process that does not answer, and unmounts what it has left. */
    private void clean() throws IOException {
        Optional<ProcessHandle> process = files.process();
        process.ifPresent(ProcessHandle::destroyForcibly);
        Optional<MountPoint> left = ours();
        if (left.isPresent()) {
            LOG.warn("{} is mounted, but nobody serves it: unmounting it", settings.mountpoint());
        }
        if (process.isPresent() && !hasEnded(process.get()) && left.isPresent()) {
            // It waits for a disk that does not answer, and whoever uses the mount waits for it.
            FuseMounts.abort(left.get());
        }
        while (left.isPresent()) {
            Mounts.unmount(settings.mountpoint(), Duration.ZERO);
            left = ours();
        }
        files.remove();
    }

    private static boolean hasEnded(ProcessHandle process) throws IOException {
        try {
            process.onExit().get(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new HostException("cannot end the process " + process.pid() + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while ending the process " + process.pid(), e);
        }
    }

    /** The topmost mount at the path, if it is one of this kind. */
    private Optional<MountPoint> ours() throws HostException {
        return ObuilderfsDaemon.topmost(settings.mountpoint()).filter(FuseConnection::isOurs);
    }

    @Override
    public Lease lease(int uid) throws IOException {
        repair();
        if (settings.mode() == Mode.REDIRECT) {
            return () -> {};
        }
        Control control = Control.connect(files.socket());
        boolean done = false;
        try {
            String answer = control.ask(Control.LEASE + " " + uid);
            if (answer.startsWith(Control.BUSY + " ")) {
                int holder = Integer.parseInt(answer.substring(Control.BUSY.length() + 1));
                throw new PrefixBusyException(settings.mountpoint(), uid, holder);
            }
            insist("lead the user " + uid + " through", answer);
            done = true;
            return () -> release(control);
        } finally {
            if (!done) {
                control.close();
            }
        }
    }

    private void release(Control control) throws IOException {
        try (control) {
            insist("end the lease of", control.ask(Control.RELEASE));
        }
    }

    private void insist(String what, String answer) throws HostException {
        if (!answer.equals(Control.OK)) {
            throw new HostException(
                    "cannot " + what + " " + settings.mountpoint() + ": " + answer.replaceFirst("^error ", ""));
        }
    }

    @Override
    public void close() throws IOException {
        if (!Files.isDirectory(run)) {
            return;
        }
        files.alone(() -> {
            if (status().isPresent()) {
                try (Control control = Control.connect(files.socket())) {
                    insist(
                            "unmount",
                            control.askUntilEnd(Control.UNMOUNT, Control.LIMIT).orElse(Control.OK));
                }
                Optional<ProcessHandle> process = files.process();
                if (process.isPresent() && !hasEnded(process.get())) {
                    LOG.warn("the process that served {} does not end: killing it", settings.mountpoint());
                }
            }
            clean();
        });
    }
}
