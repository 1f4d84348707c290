package io.drover.journal;

import io.drover.json.Digest;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The owner of an idempotency key. Two owners who use the same key of a workflow have two tasks, so no owner can take a
 * key that another will use. Owners of different kinds never have the same name: a user cannot name a key of a
 * schedule.
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

    /** The identity of an event. */
    public static final String EVENT = "event";

    /** The owners that exist in every process. */
    public static final List<String> FIXED = List.of(TRIGGER, WORKFLOW, CALL, RUN, EVENT);

    /** Before the commitment to the owner of an erased task's key. */
    private static final String ERASED = "erased ";

    private KeyOwner() {}

    /** The owner of a key of a dry run: it never takes the key of the live task. @param owner of the key, or null */
    public static String dryRun(@Nullable String owner) {
        return "dry-run:" + (owner == null ? "" : owner);
    }

    /** The owner of the keys of a rollout's shadows: they have the keys of the tasks that they mirror. */
    public static String shadow(String rollout) {
        return "shadow:" + rollout;
    }

    /** A user, or all users for whom the same owner is configured. */
    public static String user(String owner) {
        return "user:" + owner;
    }

    /**
     * Whether an erased task, which has only a commitment to the owner of its key, belongs to one of these.
     * The task's id is its salt.
     *
     * @param stored the column {@code key_owner}
     */
    static boolean isErased(@Nullable String stored, UUID task, @Nullable String... owners) {
        return stored != null
                && Stream.of(owners)
                        .filter(Objects::nonNull)
                        .anyMatch(owner -> stored.equals(ERASED + Digest.commitment(task.toString(), owner)));
    }
}
