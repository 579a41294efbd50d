package io.jenkins.plugins.obuilder.store;

import io.jenkins.plugins.obuilder.host.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.jar.JarEntry;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked once for a store. Left to itself the driver unpacks it anew at every start, and a process that is
 * killed leaves its copy in the directory for temporary files for ever.
 */
@SuppressWarnings("try") // a lock is held, not used
final class SqliteLibrary {
    /** Where the driver looks first, and for which file. */
    private static final String DIRECTORY = "org.sqlite.lib.path";

    private static final String NAME = "org.sqlite.lib.name";

    private SqliteLibrary() {}

    /** Sees to it that the driver will find it there, unless this process has it already. */
    static synchronized void provide(Path directory) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        URL resource = SqliteLibrary.class.getResource(LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name);
        if (System.getProperty(DIRECTORY) != null
                || resource == null
                || !(resource.openConnection() instanceof JarURLConnection bundled)) {
            return;
        }
        // Versions differ in their sums: each has its own file.
        JarEntry entry = bundled.getJarEntry();
        String own = Long.toHexString(entry.getCrc()) + "-" + name;
        Path library = directory.resolve(own);
        if (!isWhole(library, entry)) {
            Files.createDirectories(directory);
            try (FileLocks.Held held = new FileLocks(directory).lock(own + ".lock", new Cancellation())) {
                if (!isWhole(library, entry)) {
                    Path incomplete = directory.resolve(own + ".new");
                    try (InputStream contents = bundled.getInputStream()) {
                        Files.copy(contents, incomplete, StandardCopyOption.REPLACE_EXISTING);
                    }
                    Files.move(incomplete, library, StandardCopyOption.ATOMIC_MOVE);
                }
            }
        }
        System.setProperty(DIRECTORY, directory.toString());
        System.setProperty(NAME, own);
    }

    /** A file can be short after a power cut. */
    private static boolean isWhole(Path library, JarEntry entry) throws IOException {
        return Files.isRegularFile(library) && Files.size(library) == entry.getSize();
    }
}
