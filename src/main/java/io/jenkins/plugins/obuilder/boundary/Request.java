package io.jenkins.plugins.obuilder.boundary;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a caller wants built, or what else it wants done with a store. There is no path in it: what is in the caller's files comes with it,
 * or is asked for later.
 *
 * @param command {@code build}, or the name of another
 * @param options of the command line, each {@code --NAME} or {@code --NAME=VALUE}
 * @param store one of those that root is configured to use; empty: the first
 * @param specName what messages call the spec
 * @param terminal whether a person sees the output
 * @param hideSecrets whether secrets are hidden in what commands print
 * @param images the names of the base images that the caller has itself
 * @param body spec and secrets, as {@code --request} takes them (docs/events.md)
 */
public record Request(
        String command,
        List<String> options,
        Optional<String> store,
        String specName,
        boolean terminal,
        boolean hideSecrets,
        List<String> images,
        byte[] body) {
    /** Bytes of the settings, and of the body. */
    static final int LARGEST_SETTINGS = 1 << 20;

    static final int LARGEST_BODY = 64 << 20;

    /** The name of the command that builds. */
    public static final String BUILD = "build";

    public Request {
        options = List.copyOf(options);
        images = List.copyOf(images);
    }

    /** For a build. */
    public Request(
            List<String> options,
            Optional<String> store,
            String specName,
            boolean terminal,
            boolean hideSecrets,
            List<String> images,
            byte[] body) {
        this(BUILD, options, store, specName, terminal, hideSecrets, images, body);
    }

    /** For another command, which needs no files. */
    public static Request of(String command, List<String> options, Optional<String> store, boolean terminal) {
        return new Request(command, options, store, "", terminal, false, List.of(), new byte[0]);
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return command + " " + specName + " " + options;
    }

    void writeTo(OutputStream stream) throws IOException {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("protocol", Protocol.VERSION);
        settings.put("command", command);
        settings.put("options", options);
        store.ifPresent(name -> settings.put("store", name));
        settings.put("specName", specName);
        settings.put("terminal", terminal);
        settings.put("hideSecrets", hideSecrets);
        settings.put("images", images);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, Frame.LARGEST));
        block(out, JSON.std.asBytes(settings));
        block(out, body);
        out.flush();
    }

    private static void block(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * Reads one, and no byte more; never keeps more than the largest that is allowed.
     *
     * @throws ProtocolException when it is none, is too large, or comes from another version
     */
    static Request read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        try {
            Map<String, Object> settings = settings(block(in, LARGEST_SETTINGS));
            return of(settings, block(in, LARGEST_BODY));
        } catch (EOFException e) {
            throw new ProtocolException("the request ended too early");
        }
    }

    private static byte[] block(DataInputStream in, int largest) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > largest) {
            throw new ProtocolException("a request with a part of " + length + " bytes, where " + largest + " may be");
        }
        // Memory is taken as the bytes come, not as they are promised.
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private static Map<String, Object> settings(byte[] json) throws IOException {
        Map<String, Object> settings;
        try {
            settings = JSON.std.mapFrom(new String(json, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ProtocolException("settings that are no JSON object");
        }
        if (!Integer.valueOf(Protocol.VERSION).equals(settings.get("protocol"))) {
            throw new ProtocolException(
                    "the protocol " + settings.get("protocol") + ", here it is " + Protocol.VERSION);
        }
        return settings;
    }

    private static Request of(Map<String, Object> settings, byte[] body) throws ProtocolException {
        return new Request(
                text(settings.get("command")),
                texts(settings.get("options")),
                settings.containsKey("store") ? Optional.of(text(settings.get("store"))) : Optional.empty(),
                text(settings.get("specName")),
                Boolean.TRUE.equals(settings.get("terminal")),
                Boolean.TRUE.equals(settings.get("hideSecrets")),
                texts(settings.get("images")),
                body);
    }

    private static List<String> texts(Object value) throws ProtocolException {
        if (!(value instanceof List<?> list)) {
            throw new ProtocolException("settings without a list that they need");
        }
        List<String> texts = new ArrayList<>();
        for (Object item : list) {
            texts.add(text(item));
        }
        return texts;
    }

    private static String text(Object value) throws ProtocolException {
        if (value instanceof String text && text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        throw new ProtocolException("settings without a text that they need");
    }
}
