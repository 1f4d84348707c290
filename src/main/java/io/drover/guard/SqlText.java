package io.drover.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
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

    private static final Set<String> CHANGING = Set.of("insert", "update", "delete", "merge");

    private final String sql;
    private final SqlDialect dialect;

    /** The first word of each statement. */
    private final List<String> words;

    SqlText(String sql, SqlDialect dialect) {
        this.sql = sql;
        this.dialect = dialect;
        this.words = firstWords(sql, dialect);
    }

    /** A statement of a connection's database. */
    static SqlText of(String sql, Connection connection) throws SQLException {
        return new SqlText(sql, SqlDialect.of(connection));
    }

    /**
     * Whether there are several statements, one of which has rows: the driver would read all of them first.
     * It is true only where that holds for every database.
     */
    public static boolean hasRowsBesideOthers(String sql) {
        return Arrays.stream(SqlDialect.values()).allMatch(dialect -> new SqlText(sql, dialect).hasRowsBesideOthers());
    }

    /** The same for the database that runs it. */
    boolean hasRowsBesideOthers() {
        boolean rows = words.stream().anyMatch(word -> BY_CURSOR.contains(word) && !CHANGING.contains(word));
        return words.size() > 1 && (rows || sql.toLowerCase(Locale.ROOT).contains("returning"));
    }

    /** Whether a result can be read a few rows at a time. */
    boolean isReadByCursor() {
        return !words.isEmpty() && BY_CURSOR.contains(words.getFirst());
    }

    /** Whether no part of it can commit by itself, as a procedure's own {@code commit} does. */
    boolean isTransactional() {
        return words.stream().noneMatch(word -> MAY_COMMIT.contains(word) || dialect.commit.contains(word));
    }

    /** Whether there are several statements. */
    boolean isSeveral() {
        return words.size() > 1;
    }

    private static List<String> firstWords(String sql, SqlDialect dialect) {
        List<String> words = new ArrayList<>();
        boolean begins = true;
        int at = 0;
        while (at < sql.length()) {
            char c = sql.charAt(at);
            int end = dialect.skipped(sql, at);
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
}
