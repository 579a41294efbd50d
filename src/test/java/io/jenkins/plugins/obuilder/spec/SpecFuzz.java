package io.jenkins.plugins.obuilder.spec;

import java.util.List;
import java.util.Random;

/**
 * Reads mutated specs. Each must either be refused with a position or print and read back equal; anything else is reported with the
 * seed that brings it back.
 */
final class SpecFuzz {
    /** Pieces that mean something, besides single bytes. */
    private static final List<String> PIECES = List.of(
            "(",
            ")",
            "\"",
            ";",
            "#;",
            "#|",
            "|#",
            "\\",
            "\\\n",
            "\r\n",
            "\\x4",
            "\\256",
            "\0",
            "\u00ff",
            "..",
            "/",
            "=",
            "host",
            "(run (shell x))",
            "(build a ((from b)))",
            "(from (build a))",
            "(uid 0)",
            "((((",
            "))))",
            "-1");

    private final List<byte[]> seeds;

    SpecFuzz(List<byte[]> seeds) {
        this.seeds = seeds;
    }

    /** How many of the mutated specs were readable. */
    int run(int count, long seed) {
        int readable = 0;
        for (int i = 0; i < count; i++) {
            byte[] text = mutated(new Random(seed + i));
            try {
                readable += isReadable(text) ? 1 : 0;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("mutated spec " + (seed + i) + ": " + Atoms.quoted(Bytes.of(text)), e);
            }
        }
        return readable;
    }

    private byte[] mutated(Random random) {
        StringBuilder text = new StringBuilder(Bytes.of(seeds.get(random.nextInt(seeds.size()))));
        for (int i = random.nextInt(6); i >= 0; i--) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(random.nextInt(20) + 1));
            switch (random.nextInt(5)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, text.substring(random.nextInt(to + 1), to));
                case 2 -> text.insert(from, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
                default -> text.insert(from, (char) random.nextInt(256));
            }
        }
        return Bytes.toBytes(text.toString());
    }

    private static boolean isReadable(byte[] text) {
        Spec spec;
        try {
            spec = SpecReader.read(text, "fuzz");
        } catch (SpecException e) {
            if (e.line() < 1
                    || e.column() < 1
                    || !e.getMessage().startsWith("fuzz:" + e.line() + ":" + e.column() + ": ")) {
                throw new IllegalStateException("an error without a position", e);
            }
            return false;
        }
        try {
            if (!SpecReader.read(Bytes.toBytes(SpecPrinter.human(spec)), "human")
                            .equals(spec)
                    || !SpecReader.read(Bytes.toBytes(SpecPrinter.machine(spec)), "machine")
                            .equals(spec)) {
                throw new IllegalStateException("it reads back as another spec");
            }
        } catch (SpecException e) {
            throw new IllegalStateException("what is printed of it cannot be read", e);
        }
        try {
            Dockerfile.of(spec, true, Dockerfile.Escape.UNIX);
        } catch (DockerfileException e) {
            return true; // Not every spec has a Dockerfile.
        }
        return true;
    }
}
