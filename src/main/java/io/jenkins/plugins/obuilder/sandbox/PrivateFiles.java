package io.jenkins.plugins.obuilder.sandbox;

import io.jenkins.plugins.obuilder.host.Dir;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Files and directories in a sandbox' own state, with exactly the permissions asked for, whatever the umask. */
final class PrivateFiles {
    private PrivateFiles() {}

    /** Writes a new file, which nobody else can read before it has the permissions. */
    static void write(Path file, byte[] contents, String permissions) throws IOException {
        FileChannel channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (var out = Channels.newOutputStream(channel)) {
            out.write(contents);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }

    static void makeDirectory(Path directory, String permissions) throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    /** Removes a directory with all that a build may have put into it, however it is made; nothing when there is none. */
    static void removeTree(Path directory) throws IOException {
        try (Dir parent = Dir.open(directory.getParent())) {
            parent.removeTree(Bytes.ofText(directory.getFileName().toString()));
        }
    }
}
