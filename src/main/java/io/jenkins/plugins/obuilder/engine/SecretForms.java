package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.net.URLEncoder;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/** The forms in which a command may print a secret, knowingly or not. All are byte strings. */
final class SecretForms {
    /** Shorter ones stand in any log by chance: hiding them hides nothing, and tells where they are. */
    private static final int SHORTEST = 3;

    /** What a line of a secret, or a piece of its base64 form, needs to tell more than a closing brace does. */
    private static final int SHORTEST_LINE = 5;

    /** Longer values, archives say, are hidden as a whole and by their lines alone. */
    private static final int LONGEST_ENCODED = 64 * 1024;

    /** Where base64(1) and openssl(1) break their lines. */
    private static final int[] BASE64_LINES = {76, 64};

    private final Set<String> forms = new LinkedHashSet<>();

    private SecretForms() {}

    static Set<String> of(byte[] value) {
        SecretForms forms = new SecretForms();
        String text = Bytes.of(value);
        String trimmed = text.strip();
        forms.add(trimmed, SHORTEST);
        if (trimmed.indexOf('\n') >= 0) {
            trimmed.lines().forEach(line -> forms.add(line.strip(), SHORTEST_LINE));
        }
        if (trimmed.length() >= SHORTEST && value.length <= LONGEST_ENCODED) {
            forms.addQuoted(trimmed);
            forms.addBase64(text);
            forms.addBase64(trimmed);
        }
        return forms.forms;
    }

    private void add(String form, int shortest) {
        if (form.length() >= shortest) {
            forms.add(form);
        }
    }

    /** As shells, make, JSON and URLs write it. */
    private void addQuoted(String value) {
        add(value.replace("'", "'\\''"), SHORTEST);
        add(value.replace("'", "'\"'\"'"), SHORTEST);
        add(value.replace("$", "$$"), SHORTEST);
        add(value.replace("\\", "\\\\").replace("\"", "\\\""), SHORTEST);
        add(
                value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t"),
                SHORTEST);
        String url = URLEncoder.encode(value, ISO_8859_1);
        add(url, SHORTEST);
        add(url.replace("+", "%20"), SHORTEST);
    }

    /** Alone, in lines, and in the middle of something longer: there it has one of three forms, less what the neighbours decide. */
    private void addBase64(String value) {
        for (Base64.Encoder encoder : new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
            byte[] whole = encoder.encode(Bytes.toBytes(value));
            add(new String(whole, ISO_8859_1), SHORTEST_LINE);
            add(new String(encoder.withoutPadding().encode(Bytes.toBytes(value)), ISO_8859_1), SHORTEST_LINE);
            for (int width : BASE64_LINES) {
                for (int start = 0; whole.length > width && start < whole.length; start += width) {
                    byte[] line = Arrays.copyOfRange(whole, start, Math.min(whole.length, start + width));
                    add(new String(line, ISO_8859_1), SHORTEST_LINE);
                }
            }
            for (int before = 0; before < 3; before++) {
                String padded = new String(
                        encoder.withoutPadding().encode(Bytes.toBytes("\0".repeat(before) + value)), ISO_8859_1);
                int first = before == 0 ? 0 : before + 1;
                int last = padded.length() - ((before + value.length()) % 3 == 0 ? 0 : 1);
                if (first < last) {
                    add(padded.substring(first, last), SHORTEST_LINE);
                }
            }
        }
    }
}
