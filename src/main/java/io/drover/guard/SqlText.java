package io.drover.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the text of a statement tells before it runs.
 * Comments, quoted texts and brackets before a word do not hide it.
 */
public final class SqlText {

    /**
     * Statements that may run in a transaction.
     * Only in a transaction does PostgreSQL's driver read by cursor; otherwise it reads all rows first.
     */
    private static final Set<String> BY_CURSOR = Set.of(
            "select", "with", "values", "table", "insert", "update", "delete", "merge", "explain", "show", "fetch",
            "execute");

    /** Statements that may commit by themselves, or run code that does. */
    private static final Set<String> MAY_COMMIT = Set.of(
            "call", "do", "exec", "begin", "start", "commit", "end", "rollback", "abort", "declare", "set", "prepare");

    private SqlText() {}

    /** Whether a result can be read a few rows at a time. */
    static boolean isReadByCursor(String sql) {
        List<String> words = firstWords(sql);
        return !words.isEmpty() && BY_CURSOR.contains(words.getFirst());
    }

    /** Whether there are several statements, one of which has rows: the driver would read all of them first. */
    public static boolean hasRowsBesideOthers(String sql) {
        List<String> words = firstWords(sql);
        boolean rows = words.stream()
                .anyMatch(word -> BY_CURSOR.contains(word)
                        && !Set.of("insert", "update", "delete", "merge").contains(word));
        return words.size() > 1 && (rows || sql.toLowerCase(Locale.ROOT).contains("returning"));
    }

    /** Whether no part of it can commit by itself, as a procedure's own {@code commit} does. */
    static boolean isTransactional(String sql) {
        return firstWords(sql).stream().noneMatch(MAY_COMMIT::contains);
    }

    /** Whether there are several statements. */
    static boolean isSeveral(String sql) {
        return firstWords(sql).size() > 1;
    }

    /** The first word of each statement. */
    private static List<String> firstWords(String sql) {
        List<String> words = new ArrayList<>();
        boolean begins = true;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int end = skipped(sql, at);
            if (end > at) {
                at = end;
            } else if (c == ';') {
                begins = true;
                at++;
            } else if (begins && Character.isLetter(c)) {
                int from = at;
                while (at < sql.length() && Character.isLetter(sql.charAt(at))) {
                    at++;
                }
                words.add(sql.substring(from, at).toLowerCase(Locale.ROOT));
                begins = false;
            } else {
                at++;
            }
        }
        return words;
    }

    /** The end of a comment or quoted text that begins at this position, or the position itself. */
    private static int skipped(String sql, int at) {
        if (sql.startsWith("--", at)) {
            return after(sql, "\n", at + 2);
        }
        if (sql.startsWith("/*", at)) {
            return after(sql, "*/", at + 2);
        }
        char c = sql.charAt(at);
        if (c == '\'' || c == '"') {
            return after(sql, String.valueOf(c), at + 1);
        }
        if (c == '$') { // $tag$ ... $tag$
            int end = at + 1;
            while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
                end++;
            }
            if (end < sql.length() && sql.charAt(end) == '$') {
                return after(sql, sql.substring(at, end + 1), end + 1);
            }
        }
        return at;
    }

    private static int after(String sql, String end, int from) {
        int found = sql.indexOf(end, from);
        return found < 0 ? sql.length() : found + end.length();
    }
}
