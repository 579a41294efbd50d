package io.jenkins.plugins.obuilder.spec;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SpecPropertiesTest {
    @Provide
    Arbitrary<Spec> specs() {
        return SpecArbitraries.specs();
    }

    @Property(tries = 500)
    void whatIsPrintedReadsBackEqual(@ForAll("specs") Spec spec) throws SpecException {
        assertThat(SpecReader.read(Bytes.toBytes(SpecPrinter.human(spec)), "human"))
                .isEqualTo(spec);
        assertThat(SpecReader.read(Bytes.toBytes(SpecPrinter.machine(spec)), "machine"))
                .isEqualTo(spec);
    }

    @Property(tries = 500)
    void theMachineFormIsOneLineOfAscii(@ForAll("specs") Spec spec) {
        assertThat(SpecPrinter.machine(spec)).matches("[ -~]*");
    }
}
