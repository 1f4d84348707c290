package io.drover.journal;

import java.util.List;

/**
 * Whose an idempotency key is. Two owners who use the same key of a workflow have two tasks, so nobody can take a key that
 * another will use. No owner's name is that of another kind: a user cannot name a key of a schedule.
 */
public final class KeyOwner {

    /** The {@code key} of a trigger, whichever trigger it is: the author wrote the expression. */
    public static final String TRIGGER = "trigger";

    /** The {@code key} that a workflow gives. */
    public static final String WORKFLOW = "workflow";

    /** The address of the call by which a task submits another. */
    public static final String CALL = "call";

    /** {@code run --key}. */
    public static final String RUN = "run";

    /** The identity that an event brings along. */
    public static final String EVENT = "event";

    /** The owners that there are in every process. */
    public static final List<String> FIXED = List.of(TRIGGER, WORKFLOW, CALL, RUN, EVENT);

    private KeyOwner() {}

    /** A user, or all users for whom the same owner is configured. */
    public static String user(String owner) {
        return "user:" + owner;
    }
}
