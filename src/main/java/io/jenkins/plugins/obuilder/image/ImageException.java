package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.IOException;

/**
 * A base image cannot be used: it is missing, damaged, hostile, larger than allowed, or made for another kind of machine. The message
 * names the image, the entry where there is one, and says what to do. Everything that is wrong with an archive's <em>contents</em> is
 * reported as this; a fault of the machine, such as a full disk, as another {@link IOException}.
 */
public class ImageException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The longest name that is shown whole. */
    private static final int SHOWN = 200;

    public ImageException(String message) {
        super(message);
    }

    public ImageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** An archive's name (a byte string) for a message: in quotes, without control characters that could fool a terminal, not too long. */
    static String quote(String name) {
        StringBuilder shown = new StringBuilder("\"");
        String text = Bytes.toText(name);
        text.codePoints().limit(SHOWN).forEach(c -> {
            if (c == '"' || c == '\\') {
                shown.append('\\').appendCodePoint(c);
            } else if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                shown.append(String.format("\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.append(text.length() > SHOWN ? "…\"" : "\"").toString();
    }
}
