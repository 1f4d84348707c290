package io.drover.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tasks that have ended: their content is removed first, and much later what is left of them. */
public interface EndedTasks {

    /** Tasks of one workflow that ended in one way. */
    record Kind(String workflow, TaskStatus outcome) {}

    /** A place in their order, oldest first. */
    record Place(Instant endedAt, UUID id) {}

    /** The kinds of which there is content. */
    List<Kind> kinds();

    /**
     * Finds tasks whose content is there.
     *
     * @param keep  how long ago they ended, at least
     * @param after where an earlier search came to an end, or null
     * @param most  how many
     */
    List<Place> older(Kind kind, Duration keep, @Nullable Place after, int most);

    /**
     * Removes their content, in one transaction, but not of those that something still needs. A dead task is cancelled with
     * that. Workflow, outcome, version, times, cost, key and submitter stay.
     *
     * @return how many
     */
    int remove(List<UUID> tasks);

    /**
     * Deletes what is left of tasks whose content is removed. Their keys are unknown then.
     *
     * @param age  how long ago it was removed, at least
     * @param most how many
     * @return how many
     */
    int forget(Duration age, int most);
}
