package io.drover.task;

import io.drover.journal.ClaimedTask;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the workflows share the places of a worker. One of them takes at most seven eighths of what the others leave free,
 * so that a place is there for a task of another one whatever the first one does. Free places are divided among the
 * workflows that have had tasks lately; what they do not use is anybody's at the next claim, which follows immediately.
 */
final class FairPlaces {

    private static final int PART_KEPT = 8;

    /** On a large worker this number is enough for the others. */
    private static final int MOST_KEPT = 100;

    private Set<String> busy = Set.of();

    /**
     * How many attempts of one workflow may run.
     *
     * @param places  of the worker
     * @param others  attempts of other workflows that run
     */
    static int most(int places, int others) {
        int left = Math.max(0, places - others);
        int kept = Math.clamp((left + PART_KEPT - 1) / PART_KEPT, 1, MOST_KEPT);
        return Math.max(Math.min(left, 1), left - kept);
    }

    /** How many of the free places the next claim may give to one workflow. */
    int share(int free) {
        return Math.max(1, free / Math.max(1, busy.size()));
    }

    /** Learns who has tasks. */
    void claimed(List<ClaimedTask> tasks) {
        busy = tasks.stream().map(ClaimedTask::workflow).collect(Collectors.toSet());
    }
}
