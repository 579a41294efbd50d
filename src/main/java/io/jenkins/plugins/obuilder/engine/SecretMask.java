package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Hides secrets in what commands print: whole, line by line, and as shells, URLs, JSON and base64 write them; in their place stands
 * {@code ****}. Finds all of them in one pass (Aho and Corasick). Immutable.
 */
public final class SecretMask {
    /** Hides nothing. */
    public static final SecretMask NONE = new SecretMask(Set.of());

    /** What stands for a secret. */
    static final String STARS = "****";

    /** The states: node 0 is the root; a node's string is a beginning of some form. */
    private final List<Node> nodes = new ArrayList<>();

    /** Bytes that begin a form. */
    private final boolean[] begins = new boolean[256];

    private static final class Node {
        final Map<Byte, Integer> next = new HashMap<>(2);
        final int depth;
        int fallback;

        /** The length of the longest form that ends here; 0 when none does. */
        int ends;

        Node(int depth) {
            this.depth = depth;
        }
    }

    private SecretMask(Set<String> forms) {
        nodes.add(new Node(0));
        forms.forEach(this::add);
        linkFallbacks();
    }

    /** Hides these values. */
    public static SecretMask of(Collection<byte[]> values) {
        Set<String> forms = new LinkedHashSet<>();
        values.forEach(value -> forms.addAll(SecretForms.of(value)));
        return forms.isEmpty() ? NONE : new SecretMask(forms);
    }

    private void add(String form) {
        int node = 0;
        for (byte b : Bytes.toBytes(form)) {
            Integer next = nodes.get(node).next.get(b);
            if (next == null) {
                next = nodes.size();
                nodes.add(new Node(nodes.get(node).depth + 1));
                nodes.get(node).next.put(b, next);
            }
            node = next;
        }
        nodes.get(node).ends = form.length();
        begins[form.charAt(0)] = true;
    }

    private void linkFallbacks() {
        Deque<Integer> queue = new ArrayDeque<>(nodes.get(0).next.values());
        while (!queue.isEmpty()) {
            Node node = nodes.get(queue.remove());
            node.next.forEach((b, child) -> {
                Node next = nodes.get(child);
                next.fallback = step(node.fallback, b);
                next.ends = Math.max(next.ends, nodes.get(next.fallback).ends);
                queue.add(child);
            });
        }
    }

    public boolean isEmpty() {
        return nodes.size() == 1;
    }

    boolean begins(byte b) {
        return begins[b & 0xff];
    }

    /** The state after one more byte. */
    int step(int state, byte b) {
        int node = state;
        while (true) {
            Integer next = nodes.get(node).next.get(b);
            if (next != null) {
                return next;
            }
            if (node == 0) {
                return 0;
            }
            node = nodes.get(node).fallback;
        }
    }

    /** How many of the last bytes may belong to a form that is not complete. */
    int depth(int state) {
        return nodes.get(state).depth;
    }

    /** How many of the last bytes are a form. */
    int ends(int state) {
        return nodes.get(state).ends;
    }

    /** Passes on what is written to it, without the secrets. What may be the beginning of one waits for what follows, or for the close. */
    OutputStream over(OutputStream out) {
        return isEmpty() ? out : new MaskedOutput(this, out);
    }
}
