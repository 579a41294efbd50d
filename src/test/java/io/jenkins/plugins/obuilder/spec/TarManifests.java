package io.jenkins.plugins.obuilder.spec;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The manifests of the files in a tar archive, for tests that need no file system. */
final class TarManifests {
    private record Entry(TarArchiveEntry header, byte[] contents) {}

    private final TreeMap<String, Entry> entries = new TreeMap<>();

    /** An archive that does not exist is an empty one. */
    TarManifests(Path archive) throws IOException {
        if (!Files.exists(archive)) {
            return;
        }
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(file, StandardCharsets.ISO_8859_1.name())) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(CopyPaths.source(entry.getName()), new Entry(entry, tar.readAllBytes()));
            }
        }
    }

    Manifest manifest(String source, List<String> exclude) {
        String path = CopyPaths.source(source);
        Entry entry = entries.get(path);
        if (!path.isEmpty() && entry == null) {
            throw new AssertionError("no " + path + " in " + entries.keySet());
        }
        if (path.isEmpty() || entry.header.isDirectory()) {
            String prefix = path.isEmpty() ? "" : path + "/";
            List<Manifest> children = new ArrayList<>();
            for (String child : entries.keySet()) {
                String name = child.startsWith(prefix) ? child.substring(prefix.length()) : "";
                if (!name.isEmpty() && !name.contains("/") && !exclude.contains(name)) {
                    children.add(manifest(child, exclude));
                }
            }
            return new Manifest.Dir(path, children);
        }
        if (entry.header.isSymbolicLink()) {
            return new Manifest.Symlink(path, entry.header.getLinkName());
        }
        return new Manifest.File(path, sha256(entry.contents), (entry.header.getMode() & 0111) != 0);
    }

    static String sha256(byte[] contents) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(contents));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
