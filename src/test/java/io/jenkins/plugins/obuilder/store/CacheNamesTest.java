package io.jenkins.plugins.obuilder.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.obuilder.spec.Bytes;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CacheNamesTest {
    /** What the reference calls them on rsync, xfs and overlayfs, and on btrfs. */
    @Test
    void areTheReferences() {
        assertNames("dl", "dl", "c-dl");
        assertNames("opam-2.1_x", "opam-2.1_x", "c-opam-2.1_x");
        assertNames(".git", ".git", "c-.git");
        assertNames("100% of it", "100% of it", "c-100%25%20of%20it");
        assertNames("c-dl", "c-dl", "c-c-dl");
        assertNames(Bytes.ofText("caché"), "caché", "c-cach%c3%a9");
        assertNames("two\nlines\t", "two\nlines\t", "c-two%alines%9");
    }

    private static void assertNames(String cache, String plain, String prefixed) {
        assertThat(CacheNames.PLAIN.fileName(cache)).isEqualTo(plain);
        assertThat(CacheNames.PREFIXED.fileName(cache)).isEqualTo(prefixed);
    }

    /** There the reference's have no place, or are those of others, too. */
    @Test
    void areOursWhereTheReferencesLeadAstray() {
        assertThat(CacheNames.PLAIN.fileName("../x")).isEqualTo("%..%2fx");
        assertThat(CacheNames.PLAIN.fileName("")).isEqualTo("%");
        assertThat(CacheNames.PLAIN.fileName("\u00e9")).isEqualTo("%%e9");
        assertThat(CacheNames.PREFIXED.fileName("\nb")).isEqualTo("c-%0ab");
        assertThat(CacheNames.PREFIXED.fileName("\u00ab")).isEqualTo("c-%ab");
        assertThat(CacheNames.DATASETS.fileName("a b")).isEqualTo("c-a:20b");
        assertThat(CacheNames.CASELESS.fileName("aB")).isEqualTo("c-a%42");
    }

    @Property
    void noTwoAreTheSame(
            @ForAll CacheNames names,
            @ForAll @CharRange(to = '\u00ff') @StringLength(max = 4) String one,
            @ForAll @CharRange(to = '\u00ff') @StringLength(max = 4) String other,
            @ForAll @CharRange(from = 'a', to = 'f') @StringLength(max = 1) String end) {
        for (String cache : new String[] {other, other + end, one.substring(0, one.length() / 2) + other}) {
            String name = name(names, cache);
            assertThat(name.equals(name(names, one))).isEqualTo(cache.equals(one));
            assertThat(name).isNotIn("", ".", "..").doesNotContain("/", "\0");
        }
    }

    private static String name(CacheNames names, String cache) {
        String name = names.fileName(cache);
        return names == CacheNames.CASELESS ? name.toLowerCase(Locale.ROOT) : name;
    }
}
