package io.jenkins.plugins.obuilder.agent;

import hudson.FilePath;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import jenkins.MasterToSlaveFileCallable;

/** The engine's jar: part of the plugin, put on an agent once for each of its versions, under a name with the hash of its contents. */
final class EngineJar {
    private static final String RESOURCE = "obuilder-engine.jar";
    private static String hash;

    private EngineJar() {}

    /**
     * Puts the jar on an agent, unless it is there.
     *
     * @param directory on the agent, for its engines; made when needed
     * @return the jar on the agent
     */
    static FilePath deliverTo(FilePath directory) throws IOException, InterruptedException {
        FilePath jar = place(directory);
        if (jar.exists()) {
            return jar;
        }
        directory.mkdirs();
        FilePath draft = directory.child("engine-" + UUID.randomUUID() + ".part");
        try {
            try (InputStream bytes = open()) {
                draft.copyFrom(bytes);
            }
            draft.act(new MoveWhenWhole(jar.getRemote(), hash()));
        } finally {
            draft.delete();
        }
        return jar;
    }

    /** Where this version's jar is, or will be. */
    static FilePath place(FilePath directory) throws IOException {
        return directory.child("engine-" + hash() + ".jar");
    }

    /** SHA-256 of the jar, in hex. */
    private static synchronized String hash() throws IOException {
        if (hash == null) {
            try (InputStream bytes = open()) {
                hash = sha256(bytes);
            }
        }
        return hash;
    }

    private static InputStream open() throws IOException {
        InputStream bytes = EngineJar.class.getResourceAsStream(RESOURCE);
        if (bytes == null) {
            throw new IOException(
                    "the engine is missing in the plugin: " + RESOURCE + " is not in its jar; install the plugin anew");
        }
        return bytes;
    }

    private static String sha256(InputStream bytes) throws IOException {
        try (DigestInputStream digested = new DigestInputStream(bytes, MessageDigest.getInstance("SHA-256"))) {
            digested.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Gives a jar that came over whole its name. Where another step was first, its jar is replaced by the same bytes. */
    private static final class MoveWhenWhole extends MasterToSlaveFileCallable<Void> {
        private static final long serialVersionUID = 1L;

        /** Longer than any build, and than a plugin that is set back to its former version. */
        private static final Duration KEPT = Duration.ofDays(30);

        private final String target;
        private final String expected;

        MoveWhenWhole(String target, String expected) {
            this.target = target;
            this.expected = expected;
        }

        @Override
        public Void invoke(File draft, VirtualChannel channel) throws IOException {
            String actual = sha256(Files.newInputStream(draft.toPath()));
            if (!actual.equals(expected)) {
                throw new IOException("the engine came to the agent damaged: " + draft + " has the SHA-256 " + actual
                        + ", not " + expected);
            }
            Files.move(
                    draft.toPath(),
                    Path.of(target),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            removeOld(draft.getParentFile().toPath());
            return null;
        }

        /** What nobody has brought for weeks belongs to versions that are gone; an engine that still runs keeps its file. */
        private static void removeOld(Path directory) throws IOException {
            Instant old = Instant.now().minus(KEPT);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "engine-*")) {
                for (Path file : files) {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                        delete(file);
                    }
                }
            } catch (NoSuchFileException e) {
                // Another step that brought the same engine has removed it.
            }
        }

        /** A jar, a piece of one, or the directory that lets an engine start faster. */
        private static void delete(Path file) throws IOException {
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> inside = Files.newDirectoryStream(file)) {
                    for (Path path : inside) {
                        Files.deleteIfExists(path);
                    }
                }
            }
            Files.deleteIfExists(file);
        }
    }
}
