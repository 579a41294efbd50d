package io.jenkins.plugins.obuilder.testing;

import java.util.Optional;
import net.jqwik.api.lifecycle.LifecycleContext;
import net.jqwik.api.lifecycle.SkipExecutionHook;

/** Lets {@link Needs} hold for properties, too, which another engine than JUnit's own runs. */
public final class NeedsHook implements SkipExecutionHook {
    @Override
    public SkipResult shouldBeSkipped(LifecycleContext context) {
        Optional<String> missing = NeedsCondition.whyMissing(context.findAnnotation(Needs.class));
        return missing.map(SkipResult::skip).orElseGet(SkipResult::doNotSkip);
    }
}
