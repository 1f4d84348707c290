package io.drover.journal;

import io.drover.who.Actor;
import io.drover.who.Workflows;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The dead tasks as a whole: why they died, and redriving many of them together. */
public interface DeadTasks {

    /**
     * The number of tasks, those that died last, of which groups are made, so that the cost does not grow with the dead
     * tasks.
     */
    int MOST_GROUPED = 10_000;

    /**
     * Tasks that died of the same cause.
     *
     * @param type    of the error; empty if it has none
     * @param reason  the beginning of its message, with {@code #} for numbers and ids
     * @param example the one that died last
     * @param message of the example's error
     */
    record Group(
            String workflow,
            String type,
            String reason,
            int count,
            Instant oldest,
            Instant newest,
            UUID example,
            String message) {}

    /**
     * Selects the dead tasks that match all fields. Null means any.
     *
     * @param until   only those that were dead by then
     * @param allowed only those of these workflows
     */
    record Filter(
            @Nullable String workflow,
            @Nullable String type,
            @Nullable String reason,
            @Nullable List<UUID> ids,
            @Nullable Instant until,
            Workflows allowed) {

        /** Of all workflows. */
        public Filter(
                @Nullable String workflow,
                @Nullable String type,
                @Nullable String reason,
                @Nullable List<UUID> ids,
                @Nullable Instant until) {
            this(workflow, type, reason, ids, until, Workflows.ALL);
        }
    }

    /** A dead task. */
    record Dead(UUID id, String workflow, @Nullable String key, String message, Instant finishedAt) {}

    /**
     * The records of the calls of one tool.
     *
     * @param task the task, or null for the sum over all
     */
    record Calls(@Nullable UUID task, String tool, CallState state, int calls, int tasks) {}

    /**
     * What a redrive would find.
     *
     * @param tasks the first that match, oldest first
     * @param more  whether more match
     * @param sums  the calls of all {@code tasks}
     * @param first the calls of the first few of them, by task
     * @param until the time of this preview, by the database's clock
     */
    record Preview(List<Dead> tasks, boolean more, List<Calls> sums, List<Calls> first, Instant until) {}

    /** The groups, largest first; of one workflow, or of all. */
    default List<Group> groups(@Nullable String workflow) {
        return groups(workflow, Workflows.ALL);
    }

    /** The same. @param allowed only of these workflows */
    List<Group> groups(@Nullable String workflow, Workflows allowed);

    /** Reads up to {@code limit} tasks, and the calls of the first {@code details} of them one by one. */
    Preview preview(Filter filter, int limit, int details);

    /**
     * Queues up to {@code limit} dead tasks again, oldest first, as {@link TaskDecisions#redrive} does with one. A task
     * that dies again meanwhile is not redriven twice.
     *
     * @return how many
     */
    int redrive(Filter filter, int limit, Actor who);
}
