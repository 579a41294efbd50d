package io.jenkins.plugins.obuilder.spec;

import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Where the parts of a spec that was read stand in its file, so that an error found while it runs can still point there. A table beside
 * the spec, since two specs that say the same are equal wherever they stand.
 */
public final class SpecSource {
    private final SourceText text;
    private final Map<Object, Integer> offsets = new IdentityHashMap<>();

    SpecSource(SourceText text) {
        this.text = text;
    }

    <T> T remember(T part, Sexp sexp) {
        offsets.put(part, sexp.offset());
        return part;
    }

    /**
     * {@code file:line:column} of a part.
     *
     * @param part the very object ({@link Spec}, {@link Op}, {@link Op.CacheMount}, {@link Op.SecretMount}) that came with this table
     */
    public String position(Object part) {
        return text.position(offset(part));
    }

    /** An error about a part, with position and excerpt; see {@link #position}. */
    public SpecException error(Object part, String problem) {
        return text.error(offset(part), problem);
    }

    private int offset(Object part) {
        Integer offset = offsets.get(part);
        if (offset == null) {
            throw new IllegalArgumentException("not a part of this spec: " + part);
        }
        return offset;
    }
}
