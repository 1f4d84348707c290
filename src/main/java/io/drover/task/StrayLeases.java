package io.drover.task;

import io.drover.journal.AttemptEnd;
import io.drover.journal.Fleet;
import io.drover.journal.Lease;
import io.drover.journal.TaskQueue;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Leases that only one side knows: runs that lost theirs stop, and tasks that do not run here are given back. */
final class StrayLeases {

    private static final Logger LOG = LoggerFactory.getLogger(StrayLeases.class);

    private final Fleet fleet;
    private final TaskQueue queue;
    private final AttemptRunner runner;
    private Set<Lease> unknown = Set.of();

    StrayLeases(Fleet fleet, TaskQueue queue, AttemptRunner runner) {
        this.fleet = fleet;
        this.queue = queue;
        this.runner = runner;
    }

    /** @param running the attempts that run here, by their leases */
    void reconcile(UUID worker, Map<Lease, Run> running) {
        Set<Lease> before = Set.copyOf(running.keySet());
        Set<Lease> held = fleet.held(worker);
        for (Lease lease : before) {
            Run run = running.get(lease);
            if (run != null && !held.contains(lease)) {
                runner.lost(run);
            }
        }
        Set<Lease> strays = new HashSet<>(held);
        strays.removeAll(before);
        strays.removeAll(running.keySet());
        for (Lease stray : strays) {
            if (unknown.contains(stray)) { // seen twice, so it is not just being claimed or ended
                LOG.warn("task {}: leased to this worker but not running here, so it is given back", stray.task());
                queue.end(stray, new AttemptEnd.Released());
            }
        }
        unknown = strays;
    }
}
