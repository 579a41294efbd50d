package io.jenkins.plugins.obuilder.image;

import io.jenkins.plugins.obuilder.host.FileStat.FileTime;
import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The records of a pax header, {@code LENGTH KEY=VALUE\n}, as bytes and in their order: a key may be repeated (sparse maps, format 0.0),
 * and a value may hold anything (file capabilities, names that are not UTF-8).
 */
final class PaxRecords {
    static final PaxRecords NONE = new PaxRecords(List.of());

    /** One record; an empty value takes away what a global header said. */
    record Pair(String key, byte[] value) {}

    private final List<Pair> pairs;

    private PaxRecords(List<Pair> pairs) {
        this.pairs = pairs;
    }

    /** Reads a pax header's contents. */
    static PaxRecords parse(byte[] data) throws ImageException {
        List<Pair> pairs = new ArrayList<>();
        int at = 0;
        while (at < data.length && data[at] != 0) { // some writers pad with NULs
            int digits = at;
            int length = 0;
            while (digits < data.length && data[digits] >= '0' && data[digits] <= '9' && length <= data.length) {
                length = length * 10 + data[digits++] - '0';
            }
            int end = at + length;
            int equals = digits;
            while (equals < data.length && data[equals] != '=') {
                equals++;
            }
            if (digits == at || end > data.length || data[digits] != ' ' || equals >= end || data[end - 1] != '\n') {
                throw new ImageException("its pax header is damaged");
            }
            pairs.add(new Pair(
                    Bytes.of(Arrays.copyOfRange(data, digits + 1, equals)),
                    Arrays.copyOfRange(data, equals + 1, end - 1)));
            at = end;
        }
        return new PaxRecords(List.copyOf(pairs));
    }

    /** These records after those of {@code before}: what both name, the later says. */
    PaxRecords after(PaxRecords before) {
        if (before.pairs.isEmpty()) {
            return this;
        }
        List<Pair> both = new ArrayList<>(before.pairs);
        both.addAll(pairs);
        return new PaxRecords(both);
    }

    List<Pair> pairs() {
        return pairs;
    }

    boolean has(String key) {
        return get(key).isPresent();
    }

    /** The last value of a key as a byte string; empty when there is none or it was taken away. */
    Optional<String> get(String key) {
        byte[] value = null;
        for (Pair pair : pairs) {
            if (pair.key().equals(key)) {
                value = pair.value();
            }
        }
        return value == null || value.length == 0 ? Optional.empty() : Optional.of(Bytes.of(value));
    }

    /** A key's value as a number, or what the header proper says. */
    long number(String key, long otherwise) throws ImageException {
        Optional<String> value = get(key);
        return value.isPresent() ? number(value.get(), key) : otherwise;
    }

    static long number(String text, String what) throws ImageException {
        if (!text.matches("-?[0-9]{1,18}")) {
            throw new ImageException("its " + what + " is no number: " + ImageException.quote(text));
        }
        return Long.parseLong(text);
    }

    /** The modification time, {@code SECONDS[.FRACTION]}; finer than a nanosecond is cut off. */
    FileTime mtime(long otherwise) throws ImageException {
        Optional<String> value = get("mtime");
        if (value.isEmpty()) {
            return new FileTime(otherwise, 0);
        }
        String text = value.get();
        if (!text.matches("-?[0-9]{1,18}(\\.[0-9]{0,40})?")) {
            throw new ImageException("its mtime is no time: " + ImageException.quote(text));
        }
        int dot = text.indexOf('.');
        long seconds = Long.parseLong(dot < 0 ? text : text.substring(0, dot));
        String fraction = dot < 0 ? "" : text.substring(dot + 1);
        int nanos = Integer.parseInt((fraction + "000000000").substring(0, 9));
        if (text.startsWith("-") && nanos != 0) { // -1.25 is 0.75 s after -2
            return new FileTime(seconds - 1, 1_000_000_000 - nanos);
        }
        return new FileTime(seconds, nanos);
    }
}
