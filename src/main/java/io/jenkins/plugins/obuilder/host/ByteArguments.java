package io.jenkins.plugins.obuilder.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries any bytes through Java's process API, which encodes arguments with the locale's character set and so cannot express all of
 * them. What it cannot express travels in ASCII and is decoded by a fixed shell script; no argument is ever read as shell text.
 */
public final class ByteArguments {
    /** Decodes every argument ({@code printf %b}; the dot keeps trailing newlines), then becomes the command. */
    private static final String DECODER =
            "i=$#; while [ $i -gt 0 ]; do a=$(printf '%b.' \"$1\"); shift; set -- \"$@\" \"${a%.}\";"
                    + " i=$((i - 1)); done; exec \"$@\"";

    private static final boolean UTF_8_LOCALE =
            Charset.defaultCharset().equals(UTF_8) && "UTF-8".equalsIgnoreCase(System.getProperty("sun.jnu.encoding"));

    private ByteArguments() {}

    /** Whether these bytes are the UTF-8 form of a text. */
    public static boolean isUtf8(String byteString) {
        if (isAscii(byteString)) {
            return true;
        }
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(Bytes.toBytes(byteString)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** An argument list in ASCII that starts the command with exactly these bytes, through {@code /bin/sh}. */
    public static List<String> decodedByShell(List<String> argv) {
        List<String> encoded = new ArrayList<>(List.of("/bin/sh", "-c", DECODER, "sh"));
        argv.forEach(argument -> encoded.add(escaped(argument)));
        return encoded;
    }

    /** Whether the process API passes this byte string on as it is. */
    static boolean isPlain(String byteString) {
        return isAscii(byteString) || UTF_8_LOCALE && isUtf8(byteString);
    }

    /** Arguments for the process API that start the command with exactly these bytes. */
    static List<String> encode(List<String> argv) {
        return argv.stream().allMatch(ByteArguments::isPlain)
                ? argv.stream().map(Bytes::toText).toList()
                : decodedByShell(argv);
    }

    private static boolean isAscii(String byteString) {
        return byteString.chars().allMatch(c -> c < 0x80);
    }

    private static String escaped(String byteString) {
        StringBuilder text = new StringBuilder();
        for (char c : byteString.toCharArray()) {
            if (c >= 0x20 && c < 0x7f && c != '\\') {
                text.append(c);
            } else {
                text.append(String.format("\\0%03o", (int) c));
            }
        }
        return text.toString();
    }
}
