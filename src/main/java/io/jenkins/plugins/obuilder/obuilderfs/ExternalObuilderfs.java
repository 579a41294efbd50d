package io.jenkins.plugins.obuilder.obuilderfs;

import io.jenkins.plugins.obuilder.host.CommandResult;
import io.jenkins.plugins.obuilder.host.Commands;
import io.jenkins.plugins.obuilder.host.HostCommand;
import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.HostLock;
import io.jenkins.plugins.obuilder.host.OnlyRoot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The per-user path as somebody else's {@code obuilderfs} provides it, used as the reference used it: started before a step with {@code
 * SCOREBOARD MOUNTPOINT -o allow_other}, unmounted after it. It mixes two users up, so only one has it at a time. A script that does
 * nothing will do, too: the path then leads nobody anywhere, as those who put it there want it.
 */
public final class ExternalObuilderfs implements PrefixView {
    /** What it is called. */
    public static final String PROGRAM = "obuilderfs";

    private static final Logger LOG = LoggerFactory.getLogger(ExternalObuilderfs.class);

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern NOTHING_THERE = Pattern.compile("not (currently )?mounted|no mount point");

    private final Commands commands;
    private final Path program;
    private final Path scoreboard;
    private final Path mountpoint;
    private final RunFiles files;
    private final Path holder;

    private ExternalObuilderfs(Commands commands, Path program, Path scoreboard, Path mountpoint, Path run) {
        this.commands = commands;
        this.program = program;
        this.scoreboard = scoreboard;
        this.mountpoint = mountpoint;
        files = new RunFiles(run, mountpoint);
        holder = files.file("external");
    }

    /** Empty where none is installed. */
    public static Optional<PrefixView> find(Commands commands, Path scoreboard, Path mountpoint) throws IOException {
        return find(commands, scoreboard, mountpoint, Obuilderfs.RUN);
    }

    static Optional<PrefixView> find(Commands commands, Path scoreboard, Path mountpoint, Path run) throws IOException {
        Optional<Path> program = commands.find(PROGRAM);
        if (program.isEmpty()) {
            program = findOnPath();
        }
        if (program.isEmpty()) {
            return Optional.empty();
        }
        Path real = ObuilderfsSettings.realPath(mountpoint);
        return Optional.of(new ExternalObuilderfs(
                commands, program.get(), scoreboard.toAbsolutePath().normalize(), real, run));
    }

    /** Where programs are looked for does not have the places that people install into; root runs nothing that others could replace. */
    private static Optional<Path> findOnPath() throws IOException {
        String directories = System.getenv().getOrDefault("PATH", "");
        for (String directory : directories.split(File.pathSeparator)) {
            Path program = Path.of(directory).resolve(PROGRAM);
            if (!program.isAbsolute() || !Files.isRegularFile(program) || !Files.isExecutable(program)) {
                continue;
            }
            Optional<String> why = OnlyRoot.whyNot(program);
            if (why.isEmpty()) {
                return Optional.of(program);
            }
            LOG.warn("{} is not used: {}", program, why.get());
        }
        return Optional.empty();
    }

    @Override
    public Path path() {
        return mountpoint;
    }

    @Override
    public Optional<String> whyUnsupported() {
        return Files.isExecutable(program) ? Optional.empty() : Optional.of(program + " cannot be executed");
    }

    /** What a step that crashed has left is unmounted before the next. */
    @Override
    public void repair() throws IOException {
        files.makeDirectory();
    }

    @Override
    public Lease lease(int uid) throws IOException {
        repair();
        HostLock lock = HostLock.tryLock(files.file("external.lock"))
                .orElseThrow(() -> new PrefixBusyException(mountpoint, uid, holder()));
        boolean done = false;
        try {
            if (Files.exists(holder)) {
                // It is ours to have, and yet somebody's: whoever had it crashed.
                unmount();
            }
            Files.writeString(holder, Integer.toString(uid));
            mount();
            done = true;
            return () -> giveBack(lock);
        } finally {
            if (!done) {
                giveBack(lock);
            }
        }
    }

    /** The user who has it; 0 when that is just changing. */
    private int holder() {
        try {
            String text = Files.readString(holder);
            return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
        } catch (IOException e) {
            LOG.debug("cannot tell who has {}: {}", mountpoint, e.getMessage());
            return 0;
        }
    }

    /** What is there already, it cannot be mounted over; the reference unmounts that and tries again, without end. */
    private void mount() throws HostException {
        HostCommand command = HostCommand.of("mount obuilderfs at " + mountpoint, program.toString())
                .arg(scoreboard)
                .arg(mountpoint)
                .args("-o", "allow_other")
                .within(LIMIT);
        if (!commands.execute(command).succeeded()) {
            unmount();
            commands.run(command);
        }
    }

    private void giveBack(HostLock lock) throws IOException {
        try {
            unmount();
            Files.deleteIfExists(holder);
        } finally {
            lock.close();
        }
    }

    private void unmount() throws HostException {
        HostCommand command = HostCommand.of("unmount obuilderfs from " + mountpoint, "umount", "-f")
                .arg(mountpoint);
        CommandResult result = commands.execute(command);
        if (!result.succeeded() && !NOTHING_THERE.matcher(result.complaint()).find()) {
            throw new HostException("cannot unmount obuilderfs from " + mountpoint + ": " + result.complaint()
                    + "; see what uses it: lsof +D " + mountpoint);
        }
    }

    /** Unmounts what a step that crashed has left. */
    @Override
    public void close() throws IOException {
        if (!Files.exists(holder)) {
            return;
        }
        Optional<HostLock> lock = HostLock.tryLock(files.file("external.lock"));
        if (lock.isPresent()) {
            giveBack(lock.get());
        }
    }
}
