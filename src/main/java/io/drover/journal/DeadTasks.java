package io.drover.journal;

import io.drover.who.Actor;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The dead tasks as a whole: why they died, and how many of them are redriven at once. */
public interface DeadTasks {

    /** Groups are made of so many tasks, those that died last, so that looking costs the same however many there are. */
    int MOST_GROUPED = 10_000;

    /**
     * Tasks that died of the same.
     *
     * @param type    of the error; empty where it has none
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
     * Which dead tasks are meant: those for which all of this holds. Null means any.
     *
     * @param until only those that were dead by then
     */
    record Filter(
            @Nullable String workflow,
            @Nullable String type,
            @Nullable String reason,
            @Nullable List<UUID> ids,
            @Nullable Instant until) {}

    /** A dead task. */
    record Dead(UUID id, String workflow, @Nullable String key, String message, Instant finishedAt) {}

    /**
     * What is recorded of the calls of one tool.
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
     * @param until when this was looked at, by the database's clock
     */
    record Preview(List<Dead> tasks, boolean more, List<Calls> sums, List<Calls> first, Instant until) {}

    /** The groups, largest first; of one workflow, or of all. */
    List<Group> groups(@Nullable String workflow);

    /** Looks at up to {@code limit} tasks, and at the calls of the first {@code details} of them one by one. */
    Preview preview(Filter filter, int limit, int details);

    /**
     * Queues up to {@code limit} dead tasks afresh, oldest first, as {@link TaskDecisions#redrive} does with one. A task
     * that dies again meanwhile is not redriven twice.
     *
     * @return how many
     */
    int redrive(Filter filter, int limit, Actor who);
}
