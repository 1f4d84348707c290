package io.drover.guard;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;

/** What databases read differently in the text of a statement. One that is not known is read as PostgreSQL. */
enum SqlDialect {
    /** Nested comments, {@code $tag$ text $tag$}, and {@code E'it\'s'}. */
    POSTGRESQL(Set.of()),

    /** Comments from {@code #}, backslashes in texts, backticks, and comments that are run: {@code /*! ... *}{@code /}. */
    MYSQL(Set.of("create", "alter", "drop", "truncate", "rename", "lock", "analyze", "grant", "revoke", "load")),

    /** {@code q'[it's]'}. */
    ORACLE(Set.of("create", "alter", "drop", "truncate", "rename", "lock", "analyze", "grant", "revoke", "comment")),

    /** Nested comments, and names in brackets. */
    SQL_SERVER(Set.of("execute")),

    /** Names in brackets or backticks. */
    SQLITE(Set.of());

    /** Statements that commit by themselves, or may, beside those that do in all of them. */
    final Set<String> commit;

    SqlDialect(Set<String> commit) {
        this.commit = commit;
    }

    static SqlDialect of(Connection connection) throws SQLException {
        String product = String.valueOf(connection.getMetaData().getDatabaseProductName())
                .toLowerCase(Locale.ROOT);
        if (product.contains("mysql") || product.contains("mariadb")) {
            return MYSQL;
        }
        if (product.contains("oracle")) {
            return ORACLE;
        }
        if (product.contains("sql server")) {
            return SQL_SERVER;
        }
        return product.contains("sqlite") ? SQLITE : POSTGRESQL;
    }

    /** The end of a comment or quoted text that begins at this position, or the position itself. */
    int skipped(String sql, int at) {
        return switch (sql.charAt(at)) {
            case '-' -> sql.startsWith("--", at) && isCommentOfDashes(sql, at + 2) ? after(sql, "\n", at + 2) : at;
            case '#' -> this == MYSQL ? after(sql, "\n", at + 1) : at;
            case '/' -> sql.startsWith("/*", at) ? afterComment(sql, at) : at;
            case '*' -> this == MYSQL && sql.startsWith("*/", at) ? at + 2 : at; // the end of a comment that is run
            case '\'' -> afterText(sql, at);
            case '"' -> this == MYSQL ? afterEscaped(sql, at) : after(sql, "\"", at + 1);
            case '`' -> this == MYSQL || this == SQLITE ? after(sql, "`", at + 1) : at;
            case '[' -> this == SQL_SERVER || this == SQLITE ? after(sql, "]", at + 1) : at;
            case '$' -> this == POSTGRESQL ? afterDollars(sql, at) : at;
            default -> at;
        };
    }

    /** For MySQL {@code 5--1} is a difference. */
    private boolean isCommentOfDashes(String sql, int end) {
        return this != MYSQL || end == sql.length() || sql.charAt(end) <= ' ';
    }

    private int afterComment(String sql, int at) {
        if (this == MYSQL && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at))) {
            int end = sql.indexOf('!', at) + 1;
            while (end < sql.length() && Character.isDigit(sql.charAt(end))) {
                end++; // the version from which on it is run
            }
            return end;
        }
        int depth = 1;
        int end = at + 2;
        while (depth > 0) {
            int close = sql.indexOf("*/", end);
            int open = this == POSTGRESQL || this == SQL_SERVER ? sql.indexOf("/*", end) : -1;
            if (close < 0) {
                return sql.length();
            }
            boolean nested = open >= 0 && open < close;
            depth += nested ? 1 : -1;
            end = (nested ? open : close) + 2;
        }
        return end;
    }

    private int afterText(String sql, int at) {
        char before = at == 0 ? ' ' : sql.charAt(at - 1);
        boolean isWord = at > 1 && Character.isJavaIdentifierPart(sql.charAt(at - 2));
        if (this == ORACLE && (before == 'q' || before == 'Q') && at + 1 < sql.length()) {
            char open = sql.charAt(at + 1);
            int pair = "[{(<".indexOf(open);
            return after(sql, (pair < 0 ? open : "]})>".charAt(pair)) + "'", at + 2);
        }
        boolean escapes = this == MYSQL || this == POSTGRESQL && (before == 'e' || before == 'E') && !isWord;
        return escapes ? afterEscaped(sql, at) : after(sql, "'", at + 1);
    }

    /** The end of a text in which a backslash takes its meaning from the next character. */
    private static int afterEscaped(String sql, int at) {
        char quote = sql.charAt(at);
        int end = at + 1;
        while (end < sql.length() && sql.charAt(end) != quote) {
            end += sql.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end + 1, sql.length());
    }

    private static int afterDollars(String sql, int at) {
        int end = at + 1;
        while (end < sql.length() && (Character.isLetterOrDigit(sql.charAt(end)) || sql.charAt(end) == '_')) {
            end++;
        }
        return end < sql.length() && sql.charAt(end) == '$' ? after(sql, sql.substring(at, end + 1), end + 1) : at;
    }

    private static int after(String sql, String end, int from) {
        int found = sql.indexOf(end, from);
        return found < 0 ? sql.length() : found + end.length();
    }
}
