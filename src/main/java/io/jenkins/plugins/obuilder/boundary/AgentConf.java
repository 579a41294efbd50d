package io.jenkins.plugins.obuilder.boundary;

import io.jenkins.plugins.obuilder.host.HostException;
import io.jenkins.plugins.obuilder.host.OnlyRoot;
import io.jenkins.plugins.obuilder.spec.Suggestions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The administrator's word on what the root side may do for a caller: {@code KEY = VALUE} on a line, {@code #} at the beginning of one for
 * a comment. What is not allowed there is not allowed. docs/security.md lists the keys.
 */
public final class AgentConf {
    public static final Path DEFAULT = Path.of("/etc/obuilder/agent.conf");

    private static final int LARGEST = 1 << 20;

    private final Path file;
    private final Map<Key, List<Entry>> entries = new EnumMap<>(Key.class);

    private AgentConf(Path file) {
        this.file = file;
    }

    /** What a line can be about. */
    public enum Key {
        STORE("store", true),
        SANDBOX("sandbox", true),
        IMAGE("image", true),
        BASES("bases", false),
        OPTION("option", true),
        CALLER_IMAGES("caller-images", false),
        HOST_NETWORK("host-network", false),
        SECRETS("secrets", false),
        LOGS("logs", false),
        BUILDS("builds", false),
        PARALLEL("parallel", false),
        TIMEOUT("timeout", false),
        STEP_TIMEOUT("step-timeout", false),
        MEMORY("memory", false),
        PIDS("pids", false),
        CPUS("cpus", false),
        MAX_OUTPUT("max-output", false),
        DISK("disk", false),
        KEEP_FREE("keep-free", false),
        MIN_FREE("min-free", false),
        KEEP_ITEMS("keep-items", false),
        KEEP_USED("keep-used", false),
        CONTEXT_FILES("context-files", false),
        CONTEXT_SIZE("context-size", false),
        IMAGE_SIZE("image-size", false);

        private final String name;
        private final boolean repeated;

        Key(String name, boolean repeated) {
            this.name = name;
            this.repeated = repeated;
        }

        @Override
        public String toString() {
            return name;
        }

        private static Optional<Key> of(String name) {
            return List.of(values()).stream()
                    .filter(key -> key.name.equals(name))
                    .findFirst();
        }
    }

    /** One line. */
    public record Entry(Path file, int line, Key key, String value) {
        /** Where it stands, and what is wrong with it. */
        public ConfException wrong(String what) {
            return new ConfException(file, line, key + " = " + value + ": " + what);
        }

        /** Whether {@code yes} or {@code no}. */
        public boolean yes() throws ConfException {
            return switch (value) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw wrong("write yes or no");
            };
        }
    }

    /** The configuration cannot be used. The message says where and why. */
    public static final class ConfException extends IOException {
        private static final long serialVersionUID = 1L;

        ConfException(Path file, int line, String what) {
            super(file + ":" + line + ": " + what);
        }

        ConfException(String what) {
            super(what);
        }
    }

    /**
     * Reads it, strictly.
     *
     * @throws ConfException when somebody besides root could have written it, or a line is wrong
     */
    public static AgentConf read(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new ConfException("there is no configuration " + file + ": obuilder install makes one");
        }
        try {
            Optional<String> why = OnlyRoot.whyNot(file);
            if (why.isPresent()) {
                throw new ConfException(
                        "the configuration " + file + " must be writable for root alone, but " + why.get());
            }
        } catch (HostException e) {
            throw new ConfException("the configuration " + file + ": " + e.getMessage());
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST + 1);
        }
        if (bytes.length > LARGEST) {
            throw new ConfException("the configuration " + file + " is longer than " + LARGEST + " bytes");
        }
        return parse(file, bytes);
    }

    static AgentConf parse(Path file, byte[] bytes) throws ConfException {
        AgentConf conf = new AgentConf(file);
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ConfException("the configuration " + file + " is not UTF-8");
        }
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            String stripped = line.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                conf.add(number, stripped);
            }
        }
        if (conf.all(Key.STORE).isEmpty()) {
            throw new ConfException(
                    "the configuration " + file + " names no store: write store = overlayfs:/var/lib/obuilder");
        }
        return conf;
    }

    private void add(int number, String line) throws ConfException {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw new ConfException(file, number, "write KEY = VALUE; to comment a line out begin it with #");
        }
        String name = line.substring(0, equals).strip();
        String value = line.substring(equals + 1).strip();
        Key key = Key.of(name)
                .orElseThrow(() -> new ConfException(
                        file, number, "there is no key \"" + name + "\"" + Suggestions.sentence(name, names())));
        if (value.isEmpty()) {
            throw new ConfException(file, number, key + " has no value");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new ConfException(file, number, key + " has a value with a control character");
        }
        List<Entry> before = entries.computeIfAbsent(key, k -> new ArrayList<>());
        if (!key.repeated && !before.isEmpty()) {
            throw new ConfException(
                    file, number, key + " stands in line " + before.get(0).line() + " already");
        }
        before.add(new Entry(file, number, key, value));
    }

    private static List<String> names() {
        return List.of(Key.values()).stream().map(Key::toString).toList();
    }

    /** In the order of the file. */
    public List<Entry> all(Key key) {
        return List.copyOf(entries.getOrDefault(key, List.of()));
    }

    public Optional<Entry> one(Key key) {
        return all(key).stream().findFirst();
    }

    /** Whether something is allowed: only if the file says so. */
    public boolean allows(Key key) throws ConfException {
        Optional<Entry> entry = one(key);
        return entry.isPresent() && entry.get().yes();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
