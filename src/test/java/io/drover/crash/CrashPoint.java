package io.drover.crash;

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
    BEFORE_ASKED,
    AFTER_ASKED,
    BEFORE_GRANT_SPENT,
    AFTER_GRANT_SPENT;

    /** Whether its task makes a call that people have to approve. */
    boolean isApproved() {
        return compareTo(BEFORE_ASKED) >= 0;
    }
}
