package io.jenkins.plugins.obuilder.testing;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

final class NeedsCondition implements ExecutionCondition {
    private static final Map<Need, Optional<String>> ANSWERS = new ConcurrentHashMap<>();

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return whyMissing(AnnotationSupport.findAnnotation(context.getElement(), Needs.class))
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("has all it needs"));
    }

    /** What is missing, and why; empty when nothing is. */
    static Optional<String> whyMissing(Optional<Needs> needs) {
        for (Need need : needs.map(Needs::value).orElse(new Need[0])) {
            Optional<String> missing = ANSWERS.computeIfAbsent(need, Need::whyMissing);
            if (missing.isPresent()) {
                if (System.getenv("OBUILDER_CHECK_STRICT") != null) {
                    throw new IllegalStateException("must not be skipped here, but " + need + ": " + missing.get());
                }
                return Optional.of(need + ": " + missing.get());
            }
        }
        return Optional.empty();
    }
}
