package io.drover.crash;

import io.drover.Effort;
import java.util.EnumSet;
import java.util.Set;

/** The commits of a task's life at which a process may die: just before, or just after it is durable. */
enum CrashPoint {
    BEFORE_CLAIM,
    AFTER_CLAIM,
    BEFORE_FIRST_STARTED,
    AFTER_FIRST_STARTED,
    BEFORE_FIRST_RESULT,
    AFTER_FIRST_RESULT,
    BEFORE_SECOND_RESULT,
    AFTER_SECOND_RESULT,
    BEFORE_END,
    AFTER_END,
    /** The value of a flag is chosen, and not recorded. */
    BEFORE_FLAG,
    AFTER_FLAG,
    /** A redone task has read again what was forgotten. */
    BEFORE_REDONE_READ,
    AFTER_REDONE_READ,
    /** A redone task was granted what it asks about. */
    BEFORE_REDONE_GRANT_SPENT,
    AFTER_REDONE_GRANT_SPENT,
    BEFORE_ASKED,
    AFTER_ASKED,
    BEFORE_GRANT_SPENT,
    AFTER_GRANT_SPENT,
    /** The signal is stored, and not yet the record of the step that sent it. */
    AFTER_SIGNAL,
    BEFORE_PENDING,
    AFTER_PENDING,
    /** The attempt has ended, and the task waits. */
    AFTER_WAITING,
    /** The call and its child are stored, and the attempt of the parent has not ended. */
    AFTER_CHILD,
    /** The child's result is not stored, and its parent waits. */
    BEFORE_CHILD_END,
    /** The child has ended and its parent is woken, and nobody has claimed it. */
    AFTER_CHILD_END;

    /**
     * Before a release each of them; on each commit those next to an effect, or between two commits that belong together. At the
     * others a death loses a transaction, or nothing.
     */
    static Set<CrashPoint> tried() {
        return Effort.of(
                EnumSet.of(
                        AFTER_CLAIM,
                        AFTER_FIRST_STARTED,
                        BEFORE_FIRST_RESULT,
                        AFTER_FIRST_RESULT,
                        BEFORE_END,
                        AFTER_FLAG,
                        AFTER_REDONE_GRANT_SPENT,
                        AFTER_GRANT_SPENT,
                        AFTER_SIGNAL,
                        AFTER_PENDING,
                        AFTER_CHILD,
                        BEFORE_CHILD_END),
                EnumSet.allOf(CrashPoint.class));
    }

    /** Whether it is a point in the life of a task that waits for signals. */
    boolean isOfAWait() {
        return compareTo(AFTER_SIGNAL) >= 0 && !isOfAChild();
    }

    /** Whether its task awaits a child. */
    boolean isOfAChild() {
        return compareTo(AFTER_CHILD) >= 0;
    }

    /** Whether its task completes in any case: where it waits, that is no question to a person. */
    boolean completes() {
        return isOfAWait() || isOfAChild() || asksForAFlag();
    }

    /** Whether its task asks for a flag, whose value is another one when the last process begins. */
    boolean asksForAFlag() {
        return this == BEFORE_FLAG || this == AFTER_FLAG;
    }

    /** Whether its task died, and a person had it redone. */
    boolean isRedone() {
        return name().contains("_REDONE_");
    }

    /** Whether its task makes a call that people have to approve. */
    boolean isApproved() {
        return compareTo(BEFORE_ASKED) >= 0 && !completes();
    }
}
