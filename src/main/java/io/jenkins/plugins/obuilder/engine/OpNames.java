package io.jenkins.plugins.obuilder.engine;

import io.jenkins.plugins.obuilder.spec.Op;
import java.util.Locale;

/** What operations are called in specs. */
final class OpNames {
    private OpNames() {}

    /** @param op null for {@code from} */
    static String of(Op op) {
        if (op == null) {
            return "from";
        }
        return op instanceof Op.SetUser ? "user" : op.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
