package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.testing.Conformance;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code -Dobuilder.fuzz=N} sets the number of mutations; the profile "long" makes it 1,000,000. */
class SpecFuzzTest {
    @Test
    void aMutatedSpecIsRefusedWithAPositionOrPrintsAndReadsBackEqual() throws Exception {
        List<byte[]> seeds = Conformance.cases().map(Conformance::spec).toList();
        int count = Integer.getInteger("obuilder.fuzz", 20_000);
        int readable = new SpecFuzz(seeds).run(count, 1);
        assertThat(readable).as("the mutations leave some readable, not all").isBetween(count / 50, count / 2);
    }
}
