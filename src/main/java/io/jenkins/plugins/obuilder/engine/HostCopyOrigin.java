package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.host.KeptContents;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.host.Sha256;
import io.jenkins.plugins.obuilder.spec.Manifest;
import io.jenkins.plugins.obuilder.store.Store;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Files of this machine, below an open directory; no link is followed. What has provably not changed since it was hashed is copied as it
 * is, the rest is hashed again.
 */
record HostCopyOrigin(Path root, Map<String, FoundFile> files, KeptContents kept, EarlyCopies early)
        implements CopyOrigin {
    @Override
    public Closeable handTo(Store.Draft draft) throws IOException {
        return early.handTo(draft);
    }

    @Override
    public Directory open() throws IOException {
        return new OpenDirectory(Dir.open(root));
    }

    private final class OpenDirectory implements Directory {
        private final Dir dir;

        OpenDirectory(Dir dir) {
            this.dir = dir;
        }

        @Override
        public Directory open(String name) throws IOException {
            return new OpenDirectory(dir.openDir(name));
        }

        @Override
        public FileTime time() throws IOException {
            return dir.stat().mtime();
        }

        @Override
        public FileTime time(Manifest.Symlink link) throws IOException {
            String name = CopyOrigin.name(link);
            FileStat stat = dir.stat(name).filter(FileStat::isSymlink).orElseThrow(() -> CopyOrigin.changed(link));
            if (!dir.readLink(name).equals(link.target())) {
                throw CopyOrigin.changed(link);
            }
            return stat.mtime();
        }

        @Override
        public File open(Manifest.File file) throws IOException {
            FoundFile found = files.get(file.path());
            String name = CopyOrigin.name(file);
            if (found.contents().isPresent()) {
                Optional<FileStat> now = dir.stat(name);
                if (now.isPresent() && found.isStill(now.get())) {
                    return new KeptFile(found.contents().get(), now.get().mtime());
                }
            }
            OpenFile in = dir.openFile(name);
            return found.copy().isPresent() ? new CopiedFile(file, found, in, early) : new HashedFile(file, found, in);
        }

        @Override
        public void close() throws IOException {
            dir.close();
        }
    }

    @Override
    public void close() throws IOException {
        kept.close();
        early.close();
    }

    /** What was read when it was hashed, and is still in it. */
    private record KeptFile(KeptContents.Contents contents, FileTime time) implements File {
        @Override
        public FileTime writeTo(OpenFile copy) throws IOException {
            copy.write(contents);
            return time;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    /** What was copied when it was hashed, and is still in it. */
    private record CopiedFile(Manifest.File file, FoundFile found, OpenFile in, EarlyCopies copies) implements File {
        @Override
        public boolean isInDraft() {
            return copies.areInDraft();
        }

        @Override
        public void put(Dir to, String name) throws IOException {
            copies.put(found.copy().orElseThrow(), to, name);
        }

        @Override
        public FileTime writeTo(OpenFile copy) throws IOException {
            FileStat stat = in.statWhenOpened().orElseThrow();
            if (!found.isStill(stat)) {
                try (Sha256 sha = Sha256.open()) {
                    if (!in.hash(sha).equals(file.sha256())) {
                        throw CopyOrigin.changed(file);
                    }
                }
            }
            if (!isInDraft()) {
                try (OpenFile early = copies.open(found.copy().orElseThrow())) {
                    copy.copyFrom(early, stat.size());
                }
            }
            return stat.mtime();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private record HashedFile(Manifest.File file, FoundFile found, OpenFile in) implements File {
        @Override
        public FileTime writeTo(OpenFile copy) throws IOException {
            FileStat stat = in.statWhenOpened().orElseThrow();
            if (found.isStill(stat)) {
                copy.copyFrom(in, stat.size());
                if (!in.stat().isUnchanged(stat)) {
                    throw CopyOrigin.changed(file);
                }
                return stat.mtime();
            }
            try (Sha256 sha = Sha256.open()) {
                if (!in.hashCopyTo(copy, sha).equals(file.sha256())) {
                    throw CopyOrigin.changed(file);
                }
            }
            return stat.mtime();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
