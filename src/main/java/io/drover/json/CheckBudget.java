package io.drover.json;

import com.networknt.schema.JsonSchemaException;
import java.util.function.Supplier;

/**
 * The work that one check of a value against a schema may take.
 * A schema can be written so that a short value takes hours: with patterns that backtrack, or with references that
 * double.
 */
final class CheckBudget {

    /** Expanding a reference takes time, and memory that stays. */
    static final int EXPANSION = 500;

    private static final ThreadLocal<CheckBudget> CURRENT = new ThreadLocal<>();

    private long left;
    private int expansions;

    private CheckBudget(long left) {
        this.left = left;
    }

    /** The check takes more steps than it may, or nests too deeply. */
    static final class SpentException extends JsonSchemaException {
        SpentException() {
            super("it takes too much work to check");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // it may be thrown at the end of a full stack
        }
    }

    /** What a check found, and how many references it expanded for that. */
    record Checked<T>(T result, int expansions) {}

    /**
     * Runs a check.
     *
     * @throws SpentException when it takes more steps than that
     */
    static <T> Checked<T> within(long steps, Supplier<T> check) {
        CheckBudget outer = CURRENT.get();
        CheckBudget budget = new CheckBudget(steps);
        CURRENT.set(budget);
        try {
            return new Checked<>(check.get(), budget.expansions);
        } catch (StackOverflowError e) { // by a reference to itself, or a pattern that nests
            throw new SpentException();
        } finally {
            CURRENT.set(outer);
        }
    }

    /** Outside a check nothing is counted. */
    static void spend(long steps) {
        CheckBudget budget = CURRENT.get();
        if (budget != null && (budget.left -= steps) < 0) {
            throw new SpentException();
        }
    }

    static void expand() {
        CheckBudget budget = CURRENT.get();
        if (budget != null) {
            budget.expansions++;
        }
        spend(EXPANSION);
    }
}
