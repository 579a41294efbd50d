package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.host.OpenFile;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Files of this machine, below an open directory; no link is followed. What has provably not changed since it was hashed is copied as it
 * is, the rest is hashed again.
 */
record HostCopyOrigin(Path root, Map<String, CopyListing.Hashed> hashed) implements CopyOrigin {
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
            return new HashedFile(file, dir.openFile(CopyOrigin.name(file)));
        }

        @Override
        public void close() throws IOException {
            dir.close();
        }
    }

    private final class HashedFile implements File {
        private final Manifest.File file;
        private final OpenFile in;

        HashedFile(Manifest.File file, OpenFile in) {
            this.file = file;
            this.in = in;
        }

        @Override
        public FileTime writeTo(OpenFile copy) throws IOException {
            FileStat stat = in.stat();
            if (hashed.get(file.path()).isStill(stat)) {
                copy.copyFrom(in, stat.size());
                if (!in.stat().isUnchanged(stat)) {
                    throw CopyOrigin.changed(file);
                }
            } else if (!FileDigest.ofCopy(in, copy).equals(file.sha256())) {
                throw CopyOrigin.changed(file);
            }
            return stat.mtime();
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
