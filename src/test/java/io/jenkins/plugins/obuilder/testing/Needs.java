package io.jenkins.plugins.obuilder.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What a test cannot run without. Where something is missing the test is skipped with the reason, or, where the environment variable
 * {@code OBUILDER_CHECK_STRICT} is set (as in CI), fails: there nothing may be skipped that could run. What an abstract class
 * of tests needs, each test of it needs.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(NeedsCondition.class)
@AddLifecycleHook(NeedsHook.class)
public @interface Needs {
    Need[] value();
}
