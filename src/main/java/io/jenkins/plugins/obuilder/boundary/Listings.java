package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.host.FileStat;
import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.spec.Bytes;
import io.jenkins.plugins.obuilder.spec.CopyPaths;
import io.jenkins.plugins.obuilder.spec.Manifest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a {@code copy} found, as it goes over the pipe: for each source its kind, time and contents, a directory's children with their
 * names behind it. Root takes no path from a caller: it makes them from the sources it asked for and plain names, and takes nothing that
 * the walk of a real directory would not have found.
 */
final class Listings {
    private static final int FILE = 1;
    private static final int EXECUTABLE = 2;
    private static final int SYMLINK = 3;
    private static final int DIRECTORY = 4;

    private static final int SHA256 = 32;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_LINK = 4096;
    private static final int MAX_DEPTH = 1000;

    private Listings() {}

    /**
     * What was listed, on root's side.
     *
     * @param times when each path was last changed
     */
    record Listed(List<Manifest> manifests, Map<String, FileTime> times) {}

    /** Sends what was found below a directory. */
    static void write(Path root, List<Manifest> manifests, OutputStream reply) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(reply, Frame.LARGEST));
        try (Dir top = Dir.open(root)) {
            for (Manifest manifest : manifests) {
                try (Dir parent = parent(top, manifest.path())) {
                    item(out, parent, name(manifest), manifest);
                }
            }
        }
        out.flush();
    }

    private static Dir parent(Dir top, String path) throws IOException {
        Dir at = top.reopen();
        int from = 0;
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', from)) {
            try (Dir closing = at) {
                at = closing.openDir(path.substring(from, slash));
            }
            from = slash + 1;
        }
        return at;
    }

    private static void item(DataOutputStream out, Dir parent, String name, Manifest item) throws IOException {
        if (item instanceof Manifest.Dir dir) {
            try (Dir opened = name.isEmpty() ? parent.reopen() : parent.openDir(name)) {
                out.writeByte(DIRECTORY);
                time(out, opened.stat());
                for (Manifest child : dir.children()) {
                    Questions.writeText(out, name(child));
                    item(out, opened, name(child), child);
                }
                out.writeInt(-1);
            }
            return;
        }
        FileStat stat = parent.stat(name)
                .orElseThrow(() -> new IOException("it was removed while it was being looked at: " + parent));
        if (item instanceof Manifest.Symlink link) {
            out.writeByte(SYMLINK);
            time(out, stat);
            Questions.writeText(out, link.target());
        } else if (item instanceof Manifest.File file) {
            out.writeByte(file.executable() ? EXECUTABLE : FILE);
            time(out, stat);
            out.write(HexFormat.of().parseHex(file.sha256()));
        }
    }

    private static String name(Manifest item) {
        return item.path().substring(item.path().lastIndexOf('/') + 1);
    }

    private static void time(DataOutputStream out, FileStat stat) throws IOException {
        out.writeLong(stat.mtime().seconds());
        out.writeInt(stat.mtime().nanos());
    }

    /**
     * Takes what was found.
     *
     * @param sources as they were asked for
     * @param mostFiles how many files, directories and links there may be
     * @throws IOException when there are more; the message is for the user
     */
    static Listed read(InputStream answer, List<String> sources, int mostFiles) throws IOException {
        Reader reader = new Reader(new DataInputStream(new BufferedInputStream(answer, Frame.LARGEST)), mostFiles);
        try {
            List<Manifest> manifests = new ArrayList<>();
            for (String source : sources) {
                String path = CopyPaths.source(source);
                manifests.add(reader.item(path, 0));
            }
            if (reader.in.read() >= 0) {
                throw new ProtocolException("a listing with something behind it");
            }
            return new Listed(manifests, reader.times);
        } catch (EOFException e) {
            throw new ProtocolException("a listing that ended too early");
        }
    }

    private static final class Reader {
        private final DataInputStream in;
        private final int mostFiles;
        private final Map<String, FileTime> times = new HashMap<>();
        private int files;

        Reader(DataInputStream in, int mostFiles) {
            this.in = in;
            this.mostFiles = mostFiles;
        }

        Manifest item(String path, int depth) throws IOException {
            if (++files > mostFiles) {
                throw new IOException("the build context has more than " + mostFiles
                        + " files, directories and links, which is what the configuration of the root side allows");
            }
            int kind = in.readUnsignedByte();
            if (path.isEmpty() && kind != DIRECTORY) {
                throw new ProtocolException("a build context that is no directory");
            }
            times.put(path, time());
            switch (kind) {
                case FILE, EXECUTABLE -> {
                    byte[] digest = new byte[SHA256];
                    in.readFully(digest);
                    return new Manifest.File(path, HexFormat.of().formatHex(digest), kind == EXECUTABLE);
                }
                case SYMLINK -> {
                    String target = Questions.readText(in, LONGEST_LINK);
                    if (target.isEmpty() || target.indexOf('\0') >= 0) {
                        throw new ProtocolException("a link to nothing");
                    }
                    return new Manifest.Symlink(path, target);
                }
                case DIRECTORY -> {
                    return new Manifest.Dir(path, children(path, depth));
                }
                default -> throw new ProtocolException("the kind " + kind + " of file");
            }
        }

        /** In the order of their names, which also shows that each is there once. */
        private List<Manifest> children(String path, int depth) throws IOException {
            if (depth > MAX_DEPTH) {
                throw new ProtocolException("directories that lie too deep");
            }
            List<Manifest> children = new ArrayList<>();
            String before = "";
            while (true) {
                int length = in.readInt();
                if (length < 0) {
                    return children;
                }
                if (length > LONGEST_NAME) {
                    throw new ProtocolException("a name of " + length + " bytes");
                }
                byte[] bytes = new byte[length];
                in.readFully(bytes);
                String name = Bytes.of(bytes);
                if (!isPlain(name) || before.compareTo(name) >= 0) {
                    throw new ProtocolException("a name that no file has there");
                }
                before = name;
                children.add(item(path.isEmpty() ? name : path + "/" + name, depth + 1));
            }
        }

        private static boolean isPlain(String name) {
            return !name.isEmpty()
                    && !name.equals(".")
                    && !name.equals("..")
                    && name.indexOf('/') < 0
                    && name.indexOf('\0') < 0;
        }

        private FileTime time() throws IOException {
            long seconds = in.readLong();
            int nanos = in.readInt();
            if (nanos < 0 || nanos > 999_999_999) {
                throw new ProtocolException("a time that there is not");
            }
            return new FileTime(seconds, nanos);
        }
    }
}
