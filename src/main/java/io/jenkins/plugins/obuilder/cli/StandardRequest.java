package io.jenkins.plugins.obuilder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.engine.LogMarks;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a program sends to the standard input of a build that it asks for: what belongs neither into command lines nor into files. A line
 * {@code NAME LENGTH [KEY]} stands before each part, and {@code build} behind the last; docs/events.md describes it.
 *
 * @param token for the marks in the log; empty for none
 * @param spec the text of the spec
 * @param secrets the values by id (byte strings)
 * @param hidden what else is to be hidden in the log
 */
record StandardRequest(String token, byte[] spec, Map<String, byte[]> secrets, List<byte[]> hidden) {
    private static final String FIRST_LINE = "obuilder-request 1";
    private static final int LONGEST_LINE = 4096;

    /** Specs and secrets are far shorter, memory is larger. */
    private static final int LONGEST_PART = 16 * 1024 * 1024;

    private static final int LONGEST = 4 * LONGEST_PART;

    /**
     * Reads a request; what follows it in the stream is left there.
     *
     * @throws UserException when it is none, or broken off
     */
    static StandardRequest read(InputStream in) throws UserException {
        try {
            return parts(in);
        } catch (EOFException e) {
            throw UserException.usage("standard input ended in the middle of the request", e);
        } catch (IOException | IllegalArgumentException e) {
            throw UserException.usage("cannot read the request from standard input: " + e.getMessage(), e);
        }
    }

    /** The request in these bytes. */
    static StandardRequest of(byte[] bytes) throws UserException {
        return read(new ByteArrayInputStream(bytes));
    }

    private static StandardRequest parts(InputStream in) throws IOException, UserException {
        if (!line(in).equals(FIRST_LINE)) {
            throw UserException.usage("standard input holds no request; it begins with \"" + FIRST_LINE + "\"");
        }
        String token = "";
        byte[] spec = null;
        Map<String, byte[]> secrets = new HashMap<>();
        List<byte[]> hidden = new ArrayList<>();
        int left = LONGEST;
        for (String line = line(in); !line.equals("build"); line = line(in)) {
            String[] words = line.split(" ", 3);
            int length = words.length < 2 ? -1 : Integer.parseInt(words[1]);
            left -= length;
            if (length < 0 || length > LONGEST_PART || left < 0) {
                throw UserException.usage("the request on standard input is too long, or none: " + words[0]);
            }
            byte[] part = in.readNBytes(length);
            if (part.length < length) {
                throw new EOFException();
            }
            switch (words[0]) {
                case "token" -> token = token(part);
                case "spec" -> spec = part;
                case "secret" -> secrets.put(key(words), part);
                case "hide" -> hidden.add(part);
                default -> throw UserException.usage("the request on standard input has an unknown part: " + words[0]);
            }
        }
        if (spec == null) {
            throw UserException.usage("the request on standard input has no spec");
        }
        return new StandardRequest(token, spec, secrets, hidden);
    }

    private static String key(String[] words) throws UserException {
        if (words.length < 3) {
            throw UserException.usage("the request on standard input has a secret without an id");
        }
        return Bytes.ofText(URLDecoder.decode(words[2], UTF_8));
    }

    private static String token(byte[] part) throws UserException {
        String token = new String(part, UTF_8);
        if (!token.matches("[0-9A-Za-z]{16,100}")) {
            throw UserException.usage("the token of the request is not of 16 letters and digits or more");
        }
        return token;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            if (line.size() == LONGEST_LINE) {
                throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
            }
            line.write(b);
        }
        return line.toString(UTF_8);
    }

    /** Writes what {@link #read} reads. */
    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes((FIRST_LINE + "\n").getBytes(UTF_8));
        if (!token.isEmpty()) {
            part(out, "token", "", token.getBytes(UTF_8));
        }
        part(out, "spec", "", spec);
        secrets.forEach((id, value) -> part(out, "secret", " " + URLEncoder.encode(Bytes.toText(id), UTF_8), value));
        hidden.forEach(value -> part(out, "hide", "", value));
        out.writeBytes("build\n".getBytes(UTF_8));
        return out.toByteArray();
    }

    private static void part(ByteArrayOutputStream out, String name, String key, byte[] value) {
        out.writeBytes((name + " " + value.length + key + "\n").getBytes(UTF_8));
        out.writeBytes(value);
    }

    /** The marks that the log is to have. */
    LogMarks marks() {
        return token.isEmpty() ? LogMarks.NONE : LogMarks.of(token);
    }

    /** Everything that must not be seen. */
    List<byte[]> confidential() {
        List<byte[]> all = new ArrayList<>(secrets.values());
        all.addAll(hidden);
        return all;
    }

    /** Waits, in a thread of its own, for the end of the stream: whoever asked for the build wants it no longer. */
    static void whenItEnds(InputStream in, Runnable stop) {
        Thread watch = new Thread(
                () -> {
                    byte[] ignored = new byte[64];
                    try {
                        while (in.read(ignored) >= 0) {
                            // Whoever asked for the build writes a little now and then, to notice when it has ended.
                        }
                    } catch (IOException e) {
                        // A broken pipe has ended too.
                        stop.run();
                        return;
                    }
                    stop.run();
                },
                "request");
        watch.setDaemon(true);
        watch.start();
    }
}
