package io.jenkins.plugins.obuilder.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SecretMaskTest {
    private static final String KEY =
            "-----BEGIN KEY-----\nb3BlbnNzaC1rZXktdjEA\nAAAAABG5vbmUAAAAEbm9u\n}\n-----END KEY-----\n";

    private static String masked(String text, int pieceLength, String... secrets) throws IOException {
        SecretMask mask = SecretMask.of(
                List.of(secrets).stream().map(secret -> secret.getBytes(UTF_8)).toList());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = text.getBytes(UTF_8);
        try (OutputStream stream = mask.over(out)) {
            for (int at = 0; at < bytes.length; at += pieceLength) {
                stream.write(bytes, at, Math.min(pieceLength, bytes.length - at));
            }
        }
        return out.toString(UTF_8);
    }

    private static String masked(String text, String... secrets) throws IOException {
        String whole = masked(text, Integer.MAX_VALUE, secrets);
        for (int piece : new int[] {1, 2, 3, 7}) {
            assertThat(masked(text, piece, secrets)).as("in pieces of " + piece).isEqualTo(whole);
        }
        return whole;
    }

    @Test
    void aSecretIsHiddenWhereverItStands() throws IOException {
        assertThat(masked("s3cret, xs3crets3cret s3cre s3s3cret\n", "s3cret")).isEqualTo("****, x**** s3cre s3****\n");
    }

    @Test
    void theLongestOfSeveralIsHiddenAndOverlapsToo() throws IOException {
        assertThat(masked("abcdef abcd bcdefg", "abcd", "cdefg")).isEqualTo("****ef **** b****");
        assertThat(masked("abcdefg", "abcd", "cdefg")).isEqualTo("****");
    }

    @Test
    void theNewlineThatAFileEndsWithIsNoPartOfIt() throws IOException {
        assertThat(masked("[tok-en]", "tok-en\n")).isEqualTo("[****]");
    }

    @Test
    void severalLinesAreHiddenWholeAndOneByOne() throws IOException {
        assertThat(masked("<" + KEY + ">", KEY)).isEqualTo("<****\n>");
        assertThat(masked("  AAAAABG5vbmUAAAAEbm9u\r\n}\n", KEY)).isEqualTo("  ****\r\n}\n");
    }

    @Test
    void encodedFormsAreHidden() throws IOException {
        String secret = "pa$s 'w\"ö/rd";
        byte[] bytes = secret.getBytes(UTF_8);
        for (String form : List.of(
                Base64.getEncoder().encodeToString(bytes),
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                URLEncoder.encode(secret, UTF_8),
                URLEncoder.encode(secret, UTF_8).replace("+", "%20"),
                "pa$s '\\''w\"ö/rd",
                "pa$s 'w\\\"ö/rd",
                "pa$$s 'w\"ö/rd")) {
            assertThat(masked("x " + form + " y\n", secret)).as(form).isEqualTo("x **** y\n");
        }
        for (String before : List.of("u:", "us:", "use:")) {
            String header = Base64.getEncoder().encodeToString((before + secret + "@h").getBytes(UTF_8));
            assertThat(masked(header, secret)).as(before).contains("****").hasSizeLessThan(18);
        }
        assertThat(masked(Base64.getMimeEncoder(76, new byte[] {'\n'}).encodeToString(KEY.getBytes(UTF_8)), KEY))
                .isEqualTo("****\n****");
    }

    @Test
    void whatIsTooShortToHideStays() throws IOException {
        assertThat(masked("a ab }\n", "a", "ab", "  \n", "")).isEqualTo("a ab }\n");
        assertThat(SecretMask.of(List.of(new byte[0])).isEmpty()).isTrue();
    }

    @Test
    void bytesThatAreNoTextStay() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = "\u00ff\u0000tok\u00fe-en\u00fetok-en".getBytes(ISO_8859_1);
        try (OutputStream stream =
                SecretMask.of(List.of("tok-en".getBytes(UTF_8))).over(out)) {
            stream.write(bytes);
        }
        assertThat(out.toByteArray()).isEqualTo("\u00ff\u0000tok\u00fe-en\u00fe****".getBytes(ISO_8859_1));
    }

    /** Against the obvious way of doing it, on texts in which secrets are frequent. */
    @Property
    void noSecretIsLeftAndNothingElseIsLost(
            @ForAll @Size(min = 1, max = 4) List<@StringLength(min = 3, max = 6) @CharRange(from = 'a', to = 'c') String> secrets,
            @ForAll @StringLength(max = 60) @CharRange(from = 'a', to = 'd') String text,
            @ForAll @IntRange(min = 1, max = 9) int piece)
            throws IOException {
        boolean[] hidden = new boolean[text.length() + 1];
        for (String secret : secrets) {
            for (int at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1)) {
                java.util.Arrays.fill(hidden, at, at + secret.length(), true);
            }
        }
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (!hidden[i]) {
                expected.append(text.charAt(i));
            } else if (i == 0 || !hidden[i - 1]) {
                expected.append("****");
            }
        }

        String found = masked(text, piece, secrets.toArray(String[]::new));

        assertThat(found).isEqualTo(expected.toString());
    }
}
