package io.jenkins.plugins.obuilder.spec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The {@code RUN} instruction. */
final class DockerfileRun {
    /** A line's beginning that Docker takes for a flag, and a whole that it may take for JSON. */
    private static final Pattern MISREAD = Pattern.compile("--.*|\\[.*\\]", Pattern.DOTALL);

    private final char escape;
    private final DockerfileWords words;

    DockerfileRun(char escape) {
        this.escape = escape;
        this.words = new DockerfileWords(escape);
    }

    /**
     * The command as it stands after {@code RUN}: one line of the Dockerfile for each of its own, joined by the escape character.
     * Where that says something else than the command, the exec form.
     */
    String command(List<String> shell, String command) throws DockerfileException {
        // Without the blank lines at its end: Docker would go on in the next instruction.
        String[] lines = command.stripTrailing().split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            lines[i] = trim(lines[i]);
            if (i + 1 < lines.length && endsWithOneEscape(lines[i])) {
                // It continues in the next line already; what follows makes it do so in the Dockerfile too.
                lines[i] = trim(lines[i].substring(0, lines[i].length() - 1));
            }
        }
        String joined = String.join(" " + escape + "\n    ", lines);
        boolean hereDocument = lines.length > 1 && command.contains("<<");
        if (shell.isEmpty()
                || joined.isEmpty()
                || hereDocument
                || joined.charAt(joined.length() - 1) == escape
                || MISREAD.matcher(joined).matches()) {
            List<String> argv = new ArrayList<>(shell);
            argv.add(command);
            return DockerfileWords.json(argv, "[", "]");
        }
        return joined;
    }

    private boolean endsWithOneEscape(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == escape) {
            end--;
        }
        return (line.length() - end) % 2 != 0;
    }

    /** Blanks, tabs, form feeds and carriage returns, as the reference trims them. */
    private static String trim(String line) {
        return line.replaceAll("^[ \\t\\f\\r]+|[ \\t\\f\\r]+$", "");
    }

    /** The {@code --mount} options, each followed by a blank. */
    String mounts(Op.Run run, Op.User user) throws DockerfileException {
        StringBuilder options = new StringBuilder();
        for (Op.SecretMount secret : run.secrets()) {
            options.append(mount("secret", secret.id(), secret.target(), secret.buildkitOptions(), user));
        }
        for (Op.CacheMount cache : run.caches()) {
            options.append(mount("cache", cache.id(), cache.target(), cache.buildkitOptions(), user));
        }
        return options.toString();
    }

    private String mount(String type, String id, String target, Map<String, String> options, Op.User user)
            throws DockerfileException {
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put("id", id);
        pairs.put("target", target);
        if (user instanceof Op.User.Ids ids) {
            pairs.put("uid", Integer.toString(ids.uid()));
        }
        StringBuilder text = new StringBuilder("--mount=type=" + type);
        for (Map.Entry<String, String> pair : pairs.entrySet()) {
            text.append(pair(pair));
        }
        for (Map.Entry<String, String> option : options.entrySet()) {
            text.append(pair(option));
        }
        return text + " ";
    }

    private String pair(Map.Entry<String, String> pair) throws DockerfileException {
        return "," + words.mountValue(pair.getKey()) + "=" + words.mountValue(pair.getValue());
    }
}
