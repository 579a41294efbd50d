package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.BackgroundProcess;
import io.jenkins.plugins.obuilder.host.Descriptors;
import io.jenkins.plugins.obuilder.host.FuseConnection;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.MountPoint;
import io.jenkins.plugins.obuilder.host.Mounts;
import io.jenkins.plugins.obuilder.host.ServerProcess;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one mount, in a process of its own: whoever uses the mount must not wait for itself. It ends when it is unmounted, and unmounts
 * when it is told to end.
 */
public final class ObuilderfsDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(ObuilderfsDaemon.class);

    private final ObuilderfsSettings settings;
    private final RunFiles files;
    private final CountDownLatch ended = new CountDownLatch(1);
    private long device;
    private boolean hasEnded;

    private ObuilderfsDaemon(ObuilderfsSettings settings, RunFiles files) {
        this.settings = settings;
        this.files = files;
    }

    /** The background process' own entry; see {@link #arguments}. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        try {
            ServerProcess.leaveSession();
            serve(ObuilderfsSettings.ofArguments(Arrays.asList(args).subList(1, args.length)), Path.of(args[0]), () -> {
                out.println(BackgroundProcess.READY);
                out.close();
            });
        } catch (IOException e) {
            err.println(e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    /** What {@link #main} is started with. */
    static List<String> arguments(ObuilderfsSettings settings, Path run) {
        return Stream.concat(Stream.of(run.toString()), settings.toArguments().stream())
                .toList();
    }

    /**
     * Mounts and serves until it is unmounted, or told to end.
     *
     * @param run the directory of {@link RunFiles}
     * @param ready told when it is mounted
     */
    public static void serve(ObuilderfsSettings settings, Path run, Runnable ready) throws IOException {
        RunFiles files = new RunFiles(run, settings.mountpoint());
        files.makeDirectory();
        new ObuilderfsDaemon(settings, files).serve(ready);
    }

    private void serve(Runnable ready) throws IOException {
        insistNotToServeItself();
        ServerProcess.dropGroupsAndUmask();
        ServerProcess.allowManyFiles();
        try (Scoreboard scoreboard = Scoreboard.open(settings.scoreboard())) {
            FuseConnection connection = FuseConnection.mount(settings.mountpoint(), settings.readOnly());
            device = topmost(settings.mountpoint())
                    .map(MountPoint::device)
                    .orElseThrow(() -> new HostException(settings.mountpoint() + " is mounted, and is not"));
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "unmount"));
            Tenancy tenancy = new Tenancy(scoreboard, device);
            FuseServer server = new FuseServer(
                    connection,
                    settings.mode() == Mode.REDIRECT
                            ? new RedirectFiles(scoreboard)
                            : new PassthroughFiles(tenancy, device),
                    Dialect.current());
            server.start(settings.threads());
            files.writePid();
            ControlServer control = new ControlServer(files.socket(), () -> new Talk(tenancy));
            Thread watcher = new Thread(() -> join(server), "watching the mount");
            watcher.setDaemon(true);
            watcher.start();
            ready.run();
            ended.await();
            control.close();
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while serving " + settings.mountpoint(), e);
        }
    }

    /** Java loads more of itself whenever it needs it; from below its own mount that would be a request to itself. */
    private void insistNotToServeItself() throws IOException {
        for (String part : (System.getProperty("java.home")
                        + File.pathSeparator
                        + System.getProperty("java.class.path")
                        + File.pathSeparator
                        + System.getProperty("java.io.tmpdir"))
                .split(File.pathSeparator)) {
            Path path = Path.of(part);
            if (!part.isEmpty() && Files.exists(path) && path.toRealPath().startsWith(settings.mountpoint())) {
                throw new HostException(
                        "cannot mount at " + settings.mountpoint() + ": the program that would serve it lies below ("
                                + path + "); install Java and obuilder elsewhere");
            }
        }
    }

    /** What is mounted at a path and seen there. */
    static Optional<MountPoint> topmost(Path mountpoint) throws HostException {
        List<MountPoint> there = Mounts.within(mountpoint).stream()
                .filter(mount -> mount.path().equals(Bytes.ofText(mountpoint.toString())))
                .toList();
        return there.isEmpty() ? Optional.empty() : Optional.of(there.get(there.size() - 1));
    }

    private void unmount() throws HostException {
        if (topmost(settings.mountpoint())
                .filter(mount -> mount.device() == device)
                .isPresent()) {
            Mounts.unmount(settings.mountpoint());
        }
    }

    private void join(FuseServer server) {
        try {
            server.join();
            ended.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whoever still uses the mount, perhaps detached by now, is told "not connected" when this process has gone. */
    private synchronized void end() {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        try {
            unmount();
            files.remove();
        } catch (IOException e) {
            LOG.error("{}", e.getMessage());
        } finally {
            ended.countDown();
        }
    }

    /** With one {@link Control}. */
    private final class Talk implements ControlServer.Conversation {
        private final Tenancy tenancy;
        private final Descriptors calls = new Descriptors();
        private boolean holds;
        private boolean leaves;

        Talk(Tenancy tenancy) {
            this.tenancy = tenancy;
        }

        @Override
        public String hear(String line) throws IOException {
            if (line.equals(Control.STATUS)) {
                return String.join(
                        "\t",
                        settings.mode().toString(),
                        Long.toString(device),
                        settings.scoreboard().toString());
            }
            if (line.startsWith(Control.LEASE + " ") && settings.mode() == Mode.PASSTHROUGH) {
                int uid = Integer.parseInt(line.substring(Control.LEASE.length() + 1));
                Optional<Integer> other = tenancy.lease(uid, calls);
                holds = holds || other.isEmpty();
                return other.isEmpty() ? Control.OK : Control.BUSY + " " + other.get();
            }
            if (line.equals(Control.RELEASE)) {
                close();
                return Control.OK;
            }
            if (line.equals(Control.UNMOUNT)) {
                unmount();
                leaves = true;
                return Control.OK;
            }
            return "error it does not know what to do with: " + line;
        }

        @Override
        public void close() throws IOException {
            if (holds) {
                tenancy.release(calls);
                holds = false;
            }
            if (leaves) {
                ended.countDown();
            }
        }
    }
}
