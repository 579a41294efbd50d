package io.jenkins.plugins.obuilder.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;

/** "Did you mean …": the known word that a misspelt one is nearest to. */
public final class Suggestions {
    private static final int LONGEST_LIST = 8;

    private Suggestions() {}

    /** A sentence to follow an error: the nearest word if one is near, or else which there are; empty when there are none. */
    public static String sentence(String misspelt, Collection<String> known) {
        if (known.isEmpty()) {
            return "";
        }
        return known.stream()
                .filter(word -> isNear(misspelt, word))
                .min(Comparator.comparingInt(word -> distance(misspelt, word)))
                .map(word -> ". Did you mean " + SourceText.quote(word) + "?")
                .orElseGet(() -> ". There " + (known.size() == 1 ? "is " : "are ")
                        + known.stream()
                                .limit(LONGEST_LIST)
                                .map(SourceText::quote)
                                .collect(Collectors.joining(", "))
                        + (known.size() > LONGEST_LIST ? ", …" : ""));
    }

    /** At most one letter in three is wrong; a word of two letters may have one wrong, one of one letter none. */
    private static boolean isNear(String misspelt, String word) {
        int longer = Math.max(misspelt.length(), word.length());
        int allowed = longer == 2 ? 1 : longer / 3;
        return Math.abs(misspelt.length() - word.length()) <= allowed && distance(misspelt, word) <= allowed;
    }

    /** Letters to insert, delete, replace or swap with their neighbour to make one word the other, whatever their case. */
    private static int distance(String first, String second) {
        String a = first.toLowerCase(java.util.Locale.ROOT);
        String b = second.toLowerCase(java.util.Locale.ROOT);
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
