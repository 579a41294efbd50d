package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.engine.CopyFiles;
import io.jenkins.plugins.obuilder.engine.CopyOrigin;
import io.jenkins.plugins.obuilder.host.Cancellation;
import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A caller's build context, as root sees it: the caller reads it, with its own rights, and sends what it found. Root hashes what comes, so
 * that a snapshot always holds what its id says.
 */
public final class CallerCopyFiles implements CopyFiles {
    private final CallerConnection caller;
    private final int mostFiles;
    private final long mostBytes;
    private final AtomicLong bytes = new AtomicLong();

    /**
     * Asks this caller.
     *
     * @param mostFiles of one copy
     * @param mostBytes of all copies of the build together
     */
    public CallerCopyFiles(CallerConnection caller, int mostFiles, long mostBytes) {
        this.caller = caller;
        this.mostFiles = mostFiles;
        this.mostBytes = mostBytes;
    }

    /** @param root has no meaning here: the caller knows which directory it is */
    @Override
    public Listing list(Path root, List<String> sources, List<String> exclude, Cancellation cancellation)
            throws IOException {
        try (Answer answer = caller.ask(Questions.LIST.with(List.of(sources, exclude)))) {
            Listings.Listed listed = Listings.read(answer, sources, mostFiles);
            return CopyFiles.listing(listed.manifests(), () -> new Remote("", listed.times()));
        }
    }

    /** A directory at the caller's. What was listed of it is known; only contents are asked for. */
    private final class Remote implements CopyOrigin.Directory {
        private final String path;
        private final Map<String, FileTime> times;

        Remote(String path, Map<String, FileTime> times) {
            this.path = path;
            this.times = times;
        }

        @Override
        public CopyOrigin.Directory open(String name) {
            return new Remote(path.isEmpty() ? name : path + "/" + name, times);
        }

        @Override
        public FileTime time() {
            return times.get(path);
        }

        @Override
        public FileTime time(Manifest.Symlink link) {
            return times.get(link.path());
        }

        @Override
        public CopyOrigin.File open(Manifest.File file) {
            return new RemoteFile(file, times.get(file.path()));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    private final class RemoteFile implements CopyOrigin.File {
        private final Manifest.File file;
        private final FileTime time;

        RemoteFile(Manifest.File file, FileTime time) {
            this.file = file;
            this.time = time;
        }

        @Override
        public FileTime writeTo(OpenFile copy) throws IOException {
            byte[] buffer = new byte[Frame.LARGEST];
            try (Answer in = caller.ask(Questions.READ.with(file.path()));
                    Sha256 sha = Sha256.open()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    if (bytes.addAndGet(n) > mostBytes) {
                        throw new IOException("what is copied has more than " + mostBytes
                                + " bytes, which is what the configuration of the root side allows");
                    }
                    sha.update(buffer, 0, n);
                    copy.write(buffer, 0, n);
                }
                if (!sha.hex().equals(file.sha256())) {
                    throw CopyOrigin.changed(file);
                }
            }
            return time;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
