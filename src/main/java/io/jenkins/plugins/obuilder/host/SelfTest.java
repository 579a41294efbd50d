package io.jenkins.plugins.obuilder.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Tries each system call that builds rely on in a directory of its own, and compares what it did with what Java's own classes see: a wrong
 * constant, layout or way of passing arguments shows. Harmless; what takes root is left out without it.
 */
public final class SelfTest {
    private final Path directory;
    private final List<Finding> findings = new ArrayList<>();

    private SelfTest(Path directory) {
        this.directory = directory;
    }

    /**
     * What was tried.
     *
     * @param problem how what came out differs from what was expected; empty when it does not
     */
    public record Finding(String what, Optional<String> problem) {}

    /** Something came out in another way than expected. */
    static final class Difference extends IOException {
        private static final long serialVersionUID = 1L;

        Difference(String message) {
            super(message);
        }
    }

    /** One thing to try. */
    @FunctionalInterface
    interface Check {
        /** @param place an empty directory */
        void in(Path place) throws IOException;
    }

    /** Tries everything in a directory that is trusted and empty; it is empty again at the end. */
    public static List<Finding> run(Path directory, Commands commands) throws IOException {
        SelfTest test = new SelfTest(directory.toRealPath());
        SelfTestOfFiles.checks().forEach(test::check);
        SelfTestOfAttributes.checks().forEach(test::check);
        SelfTestOfSystem.checks(commands).forEach(test::check);
        return test.findings;
    }

    private void check(String what, Check check) {
        Optional<String> problem = Optional.empty();
        try {
            String name = "check-" + findings.size();
            Path place = Files.createDirectory(directory.resolve(name));
            try {
                check.in(place);
            } finally {
                try (Dir parent = Dir.open(directory)) {
                    parent.removeTree(name);
                }
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            problem = Optional.of(e instanceof IOException ? e.getMessage() : e.toString());
        }
        findings.add(new Finding(what, problem));
    }

    static void expect(String what, Object expected, Object actual) throws Difference {
        if (!Objects.equals(expected, actual)) {
            throw new Difference(what + ": expected " + expected + ", got " + actual);
        }
    }

    /** Something that must be refused. */
    @FunctionalInterface
    interface Attempt {
        Object make() throws IOException;
    }

    /** Returns how it was refused. */
    static FileException expectRefusal(String what, Attempt attempt) throws IOException {
        try {
            attempt.make();
        } catch (FileException e) {
            return e;
        }
        throw new Difference(what + ": expected to be refused");
    }
}
