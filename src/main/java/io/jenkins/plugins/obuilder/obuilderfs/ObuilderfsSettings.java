package io.jenkins.plugins.obuilder.obuilderfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What is mounted where.
 *
 * @param scoreboard an absolute path
 * @param mountpoint an absolute path without links
 * @param readOnly for everybody
 * @param threads how many requests are answered at the same time
 */
public record ObuilderfsSettings(Path scoreboard, Path mountpoint, Mode mode, boolean readOnly, int threads) {
    /** Enough for the users of one machine: a request takes some ten microseconds unless the disk keeps it waiting. */
    public static final int USUAL_THREADS = 4;

    /**
     * The usual ones.
     *
     * @throws IOException when the mount point's directory is not there
     */
    public static ObuilderfsSettings of(Path scoreboard, Path mountpoint, Mode mode) throws IOException {
        return new ObuilderfsSettings(
                scoreboard.toAbsolutePath().normalize(), realPath(mountpoint), mode, false, USUAL_THREADS);
    }

    public ObuilderfsSettings withReadOnly(boolean wanted) {
        return new ObuilderfsSettings(scoreboard, mountpoint, mode, wanted, threads);
    }

    public ObuilderfsSettings withThreads(int wanted) {
        return new ObuilderfsSettings(scoreboard, mountpoint, mode, readOnly, wanted);
    }

    /** The mount point itself is not looked at: what is mounted there may be dead, or stuck. */
    static Path realPath(Path mountpoint) throws IOException {
        Path absolute = mountpoint.toAbsolutePath().normalize();
        if (absolute.getParent() == null) {
            throw new IOException("cannot mount at " + absolute + ": name another directory");
        }
        return absolute.getParent().toRealPath().resolve(absolute.getFileName());
    }

    List<String> toArguments() {
        return List.of(
                scoreboard.toString(),
                mountpoint.toString(),
                mode.toString(),
                Boolean.toString(readOnly),
                Integer.toString(threads));
    }

    static ObuilderfsSettings ofArguments(List<String> arguments) {
        return new ObuilderfsSettings(
                Path.of(arguments.get(0)),
                Path.of(arguments.get(1)),
                Mode.of(arguments.get(2)).orElseThrow(),
                Boolean.parseBoolean(arguments.get(3)),
                Integer.parseInt(arguments.get(4)));
    }
}
