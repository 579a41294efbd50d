package io.jenkins.plugins.obuilder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;

class NeedsTest {
    @Needs(Need.PRIVATE_ROOT)
    abstract static class Contract {}

    static final class OfOneStore extends Contract {}

    /** Otherwise what makes accounts and mounts would do so outside the private namespaces. */
    @Test
    void whatAContractNeedsItsTestsNeed() {
        assertThat(AnnotationSupport.findAnnotation(OfOneStore.class, Needs.class))
                .hasValueSatisfying(needs -> assertThat(needs.value()).containsExactly(Need.PRIVATE_ROOT));
    }
}
