package io.drover.guard;

import io.drover.guard.Failure.Kind;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;

/**
 * What an SQL failure says. A statement that its database refused had no effect; one whose transaction was rolled back, or
 * that was never sent, had none whatever the failure is. A lost connection says nothing while the database commits.
 */
final class SqlFailures {

    /** SQLSTATE classes of refusals that the same statement meets again, such as 22 data, 23 constraint, 42 syntax, P0 raised. */
    private static final Set<String> REFUSED =
            Set.of("07", "0A", "0L", "0P", "21", "22", "23", "2B", "34", "3F", "42", "44", "54", "P0");

    /** Those that pass: 25 read-only or aborted transaction, 28 and 3D no connection, 40 rollback, 53 resources, 55 locks. */
    private static final Set<String> PASSING = Set.of("25", "28", "3D", "40", "53", "55");

    /**
     * States that pass: no connection (08001, 08004, 57P03, 57P04), a statement that was cancelled, a session that ended
     * while it was idle.
     */
    private static final Set<String> PASSING_STATES = Set.of("08001", "08004", "57014", "57P03", "57P04", "57P05");

    /** The database itself does not know whether the statement was completed. */
    private static final String COMPLETION_UNKNOWN = "40003";

    private SqlFailures() {}

    /** What is known about a failure from where it happened. It is attached to the exception, whose type authors may catch. */
    private static final class Note extends Exception {

        private final boolean hadNoEffect;

        Note(boolean hadNoEffect, String message) {
            super(message, null, false, false);
            this.hadNoEffect = hadNoEffect;
        }
    }

    /** The statement was not sent, or its transaction was rolled back before a commit was asked for. */
    static void hadNoEffect(Throwable thrown) {
        thrown.addSuppressed(new Note(true, "the statement was not sent, or its transaction was rolled back"));
    }

    /** The statement failed, but may have committed something before that by itself. */
    static void mayHaveCommitted(Throwable thrown) {
        thrown.addSuppressed(new Note(false, "the statement may have committed a part by itself"));
    }

    /** Whether it is known to have had no effect. */
    static boolean isWithoutEffect(Throwable thrown) {
        return Arrays.stream(thrown.getSuppressed()).anyMatch(note -> note instanceof Note known && known.hadNoEffect);
    }

    private static boolean isPartial(Throwable thrown) {
        return Arrays.stream(thrown.getSuppressed()).anyMatch(note -> note instanceof Note known && !known.hadNoEffect);
    }

    static Kind kind(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        String sqlClass = state.length() == 5 ? state.substring(0, 2) : "";
        if (isPartial(e)) {
            return Kind.UNKNOWN;
        }
        if (REFUSED.contains(sqlClass)) {
            return Kind.REJECTED;
        }
        boolean passes = PASSING.contains(sqlClass) && !state.equals(COMPLETION_UNKNOWN)
                || PASSING_STATES.contains(state)
                || isWithoutEffect(e);
        return passes ? Kind.NOT_HAPPENED : Kind.UNKNOWN;
    }
}
