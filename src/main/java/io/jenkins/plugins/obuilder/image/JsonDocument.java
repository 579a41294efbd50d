package io.jenkins.plugins.obuilder.image;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON object of an image's: every access says what was expected, so that a damaged file is an error with its name. */
final class JsonDocument {
    private final String file;
    private final Map<?, ?> fields;

    private JsonDocument(String file, Map<?, ?> fields) {
        this.file = file;
        this.fields = fields;
    }

    /** @param file for messages */
    static JsonDocument parse(String file, byte[] json) throws ImageException {
        return object(file, read(file, json));
    }

    /** A file that is a list of objects, as {@code manifest.json} is. */
    static List<JsonDocument> parseList(String file, byte[] json) throws ImageException {
        return objects(file, read(file, json));
    }

    private static Object read(String file, byte[] json) throws ImageException {
        try {
            return JSON.std.anyFrom(json);
        } catch (IOException e) {
            throw new ImageException(file + " is not JSON: " + e.getMessage(), e);
        }
    }

    private static JsonDocument object(String where, Object value) throws ImageException {
        if (value instanceof Map<?, ?> map) {
            return new JsonDocument(where, map);
        }
        throw new ImageException(where + " is no JSON object");
    }

    private static List<JsonDocument> objects(String where, Object value) throws ImageException {
        List<JsonDocument> documents = new ArrayList<>();
        for (Object item : list(where, value)) {
            documents.add(object(where + "[" + documents.size() + "]", item));
        }
        return documents;
    }

    private static List<?> list(String where, Object value) throws ImageException {
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new ImageException(where + " is no JSON list");
    }

    /** An object within; empty when it is not there. */
    Optional<JsonDocument> object(String name) throws ImageException {
        Object value = fields.get(name);
        return value == null ? Optional.empty() : Optional.of(object(at(name), value));
    }

    /** A list of objects within; empty when it is not there. */
    List<JsonDocument> objects(String name) throws ImageException {
        return objects(at(name), fields.get(name));
    }

    /** A list of texts within; empty when it is not there. */
    List<String> texts(String name) throws ImageException {
        List<String> texts = new ArrayList<>();
        for (Object item : list(at(name), fields.get(name))) {
            if (!(item instanceof String text)) {
                throw new ImageException(at(name) + " holds something that is no text");
            }
            texts.add(text);
        }
        return texts;
    }

    Optional<String> text(String name) throws ImageException {
        Object value = fields.get(name);
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw new ImageException(at(name) + " is no text");
    }

    String requiredText(String name) throws ImageException {
        return text(name).orElseThrow(() -> new ImageException(at(name) + " is missing"));
    }

    /** A length in bytes; empty when it is not there. */
    Optional<Long> number(String name) throws ImageException {
        Object value = fields.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof Integer || value instanceof Long) {
            return Optional.of(((Number) value).longValue());
        }
        throw new ImageException(at(name) + " is no whole number");
    }

    private String at(String name) {
        return file + ": " + name;
    }
}
