package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What the JDK's file errors mean: their messages are often only the file's name. */
public final class FileReasons {
    private FileReasons() {}

    /** Why it failed, to stand behind what was done to which file. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it is there already";
        }
        if (e instanceof NotDirectoryException) {
            return "it is no directory";
        }
        if (e instanceof FileSystemException file && file.getReason() != null) {
            return file.getReason();
        }
        return e.getMessage();
    }

    /** The same with the file before it, if the failure names one. */
    public static String withFile(IOException e) {
        return e instanceof FileSystemException file && file.getFile() != null
                ? file.getFile() + ": " + of(e)
                : e.getMessage();
    }
}
