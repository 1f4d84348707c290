package io.drover.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads tasks and their journals, for people and programs. Nothing here is on the hot path. */
public interface TaskStore {

    /** Counts stop here, so that the cost does not grow with the queue. */
    int MOST_COUNTED = 100_000;

    /**
     * How many tasks of a workflow have a status that is not final.
     *
     * @param count  at most {@link #MOST_COUNTED}
     * @param oldest how long the task that has been due longest has been due; zero if none is
     */
    record Depth(String workflow, TaskStatus status, long count, Duration oldest) {}

    /**
     * How many tasks of a workflow wait for the same reason.
     *
     * @param count  at most {@link #MOST_COUNTED}
     * @param oldest how long ago the latest attempt of the longest-waiting task began
     */
    record Waits(String workflow, WaitReason reason, long count, Duration oldest) {}

    /** A result that was kept and not applied, and when it came. */
    record Late(LateResult result, java.time.Instant receivedAt) {}

    Optional<TaskView> find(UUID id);

    /** The tasks, newest first, without their inputs and outputs; null means any. */
    List<TaskView> list(@Nullable TaskStatus status, @Nullable String workflow, int limit, @Nullable TaskCursor after);

    /** The calls of a task, in the order in which it made them. */
    List<CallRecord> calls(UUID task);

    /** The attempts at a task, in the order in which they began; of those that did not end it, the newest. */
    List<TaskAttempt> attempts(UUID task);

    /** The results that came too late for a task, in the order in which they came. */
    List<Late> lateResults(UUID task);

    /** When it was decided about those of the task's calls whose decision no attempt has used yet, by their numbers. */
    Map<Integer, Instant> replaceable(UUID task);

    /** The effect keys that the task's calls have taken, by the numbers of the calls. */
    Map<Integer, String> effectKeys(UUID task);

    /** The queue by workflow and status; it reads the partial indexes of unfinished tasks only. */
    List<Depth> depths();

    /** The dead tasks by workflow; without ages. */
    List<Depth> dead();

    /** The last calls of each tool that failed or are in doubt, newest first, among the latest dead and waiting tasks. */
    List<CallRecord> lastErrors(int each);

    /** The waiting tasks by workflow and reason. */
    List<Waits> waits();

    /** By workflow, how many running tasks were running when their last two workers died, or more. */
    Map<String, Integer> lost();

    /** How many tasks are queued, counted up to {@code limit}. */
    int backlog(int limit);
}
