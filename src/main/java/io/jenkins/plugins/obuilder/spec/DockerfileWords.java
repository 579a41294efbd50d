package io.jenkins.plugins.obuilder.spec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How texts are written in a Dockerfile so that Docker reads them back as they are: most instructions expand {@code $VAR} and take
 * quotes away, {@code COPY} splits at blanks and expands wildcards, JSON forms are UTF-8.
 */
final class DockerfileWords {
    private final char escape;

    DockerfileWords(char escape) {
        this.escape = escape;
    }

    /** The inside of double quotes. */
    String inQuotes(String text) {
        return escaped(text, "\"$");
    }

    private String escaped(String text, String special) {
        StringBuilder result = new StringBuilder(text.length() + 8);
        for (char c : text.toCharArray()) {
            if (c == escape || special.indexOf(c) >= 0) {
                result.append(escape);
            }
            result.append(c);
        }
        return result.toString();
    }

    /** The one argument of {@code WORKDIR} or {@code USER}: as it is, blanks and all, unless Docker would change it. */
    String argument(String text) throws DockerfileException {
        refuseLineBreaks(text);
        boolean changed = text.isBlank()
                || !text.equals(text.strip())
                || text.chars().anyMatch(c -> c == '$' || c == '"' || c == '\'' || c == escape);
        return changed ? '"' + inQuotes(text) + '"' : text;
    }

    /** The sources and the destination of {@code COPY}: plain words where they are safe, otherwise in the JSON form. */
    String copyArguments(List<String> sources, String destination) throws DockerfileException {
        List<String> words = new ArrayList<>(sources);
        words.add(destination);
        if (words.stream().allMatch(word -> word.matches("[A-Za-z0-9_@%+=:,./\\x80-\\xff-]+"))
                && !words.get(0).startsWith("--")) {
            return String.join(" ", words);
        }
        List<String> escaped = new ArrayList<>();
        for (String source : sources) {
            escaped.add(escaped(withoutWildcards(source), "\"'$"));
        }
        escaped.add(escaped(destination, "\"'$"));
        return json(escaped, "[", "]");
    }

    private String withoutWildcards(String source) {
        String literal = escape == '\\' ? source.replace("\\", "\\\\") : source;
        return literal.replaceAll("[\\[*?]", "[$0]");
    }

    /** A value in a {@code --mount} option, which is one word, with commas between its parts. */
    String mountValue(String text) throws DockerfileException {
        if (text.chars().anyMatch(c -> c <= ' ' || c == ',' || c == '"' || c == '\'' || c == '$' || c == escape)) {
            throw new DockerfileException("a --mount option cannot hold " + SourceText.quote(text));
        }
        return text;
    }

    static String json(List<String> texts, String open, String close) throws DockerfileException {
        for (String text : texts) {
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Bytes.toBytes(text)));
            } catch (CharacterCodingException e) {
                throw new DockerfileException(
                        "a Dockerfile cannot hold " + SourceText.quote(text) + ", which is not UTF-8");
            }
        }
        return texts.stream().map(DockerfileWords::jsonString).collect(Collectors.joining(", ", open, close));
    }

    private static String jsonString(String text) {
        StringBuilder result = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c < ' ') {
                result.append(String.format("\\u%04x", (int) c));
            } else if (c == '"' || c == '\\') {
                result.append('\\').append(c);
            } else {
                result.append(c);
            }
        }
        return result.append('"').toString();
    }

    static void refuseLineBreaks(String text) throws DockerfileException {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new DockerfileException("a Dockerfile cannot hold a line break in " + SourceText.quote(text));
        }
    }
}
