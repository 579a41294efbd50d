package io.jenkins.plugins.obuilder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardRequestTest {
    private static StandardRequest read(String text) throws UserException {
        return StandardRequest.read(new ByteArrayInputStream(text.getBytes(UTF_8)));
    }

    @Test
    void partsAreReadByTheirLengthAndWhatFollowsStays() throws Exception {
        ByteArrayInputStream in = new ByteArrayInputStream(
                "obuilder-request 1\ntoken 16\n0123456789abcdefspec 9\n((from a\nsecret 3 a+b\nx\nyhide 2\npwbuild\n\n"
                        .getBytes(UTF_8));

        StandardRequest request = StandardRequest.read(in);

        assertThat(request.token()).isEqualTo("0123456789abcdef");
        assertThat(request.spec()).isEqualTo("((from a\n".getBytes(UTF_8));
        assertThat(request.secrets()).containsOnlyKeys("a b");
        assertThat(request.secrets().get("a b")).isEqualTo("x\ny".getBytes(UTF_8));
        assertThat(request.confidential()).hasSize(2);
        assertThat(in.readAllBytes()).isEqualTo("\n".getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                            | ended in the middle",
                "((from a))~                                   | holds no request",
                "obuilder-request 2~build~                     | holds no request",
                "obuilder-request 1~spec 10~abc                | ended in the middle",
                "obuilder-request 1~spec 1                     | ended in the middle",
                "obuilder-request 1~spec~build~                | too long, or none",
                "obuilder-request 1~spec -1~build~             | too long, or none",
                "obuilder-request 1~spec 99999999~             | too long, or none",
                "obuilder-request 1~spec x~                    | cannot read the request",
                "obuilder-request 1~secret 1~xbuild~           | a secret without an id",
                "obuilder-request 1~secret 1 %zz~xbuild~       | cannot read the request",
                "obuilder-request 1~token 3~abcbuild~          | token",
                "obuilder-request 1~what 0~build~              | unknown part: what",
                "obuilder-request 1~build~                     | has no spec"
            })
    void whatIsNoRequestIsRefused(String text, String message) {
        assertThatThrownBy(() -> read(text.strip().replace('~', '\n')))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aLineThatNeverEndsIsRefused() {
        assertThatThrownBy(() -> read("x".repeat(10_000))).hasMessageContaining("a line is longer");
    }
}
