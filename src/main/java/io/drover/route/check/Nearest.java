package io.drover.route.check;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds the name that the author may have meant. */
final class Nearest {

    private Nearest() {}

    /** {@code "; did you mean 'x'?"}, or an empty string when nothing is near. */
    static String hint(String given, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(given, name) <= Math.max(2, given.length() / 3))
                .min(Comparator.comparingInt((String name) -> distance(given, name))
                        .thenComparing(name -> name))
                .map(name -> "; did you mean '%s'?".formatted(name))
                .orElse("");
    }

    /** Whether a name is surely meant to be another: a slip of one letter, or two neighbours that changed places. */
    static boolean isTypo(String given, Collection<String> known) {
        return given.length() > 3
                && known.stream()
                        .anyMatch(name -> !isNumbered(given, name)
                                && (distance(given, name) == 1
                                        || distance(given, name) == 2 && isSwapped(given, name)));
    }

    /** As {@code line1} and {@code line2} are. */
    private static boolean isNumbered(String one, String other) {
        return one.replaceAll("\\d+", "").equalsIgnoreCase(other.replaceAll("\\d+", ""));
    }

    private static boolean isSwapped(String one, String other) {
        for (int i = 0; i + 1 < one.length(); i++) {
            String swapped = one.substring(0, i) + one.charAt(i + 1) + one.charAt(i) + one.substring(i + 2);
            if (swapped.equals(other)) {
                return true;
            }
        }
        return false;
    }

    /** The number of letters to insert, delete or replace, case aside (Levenshtein). */
    static int distance(String one, String other) {
        String a = one.toLowerCase(Locale.ROOT);
        String b = other.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
