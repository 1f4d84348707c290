package io.drover.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The living workers, and the care for tasks that no worker runs. */
public interface Fleet {

    /** Announces a worker. */
    void join(UUID worker, String name, String version);

    /**
     * Gives the heartbeat of a worker.
     *
     * @param lease for how long its leases hold without another heartbeat
     * @return false when it was declared dead meanwhile: other workers take over its tasks, and it must join again
     */
    boolean heartbeat(UUID worker, Duration lease);

    /**
     * Whether this process's leases are certain to hold: its last heartbeat is younger than the lease, by its own
     * monotonic clock.
     * So a process that was paused knows, without asking the database, that it must not continue.
     */
    boolean leasesHold();

    /** Records that a worker takes no new tasks, while it finishes its running ones. */
    void leaving(UUID worker);

    /** Takes a worker off the list; tasks that are still under its lease become claimable at the next {@link #takeOver}. */
    void leave(UUID worker);

    /**
     * A worker.
     *
     * @param track        {@code stable} or {@code canary}: the track whose tasks it claims
     * @param heartbeatAge how long ago its last heartbeat was, by the database's clock
     * @param running      attempts under its lease
     */
    record Member(
            UUID id,
            String name,
            String version,
            String track,
            Instant startedAt,
            Duration heartbeatAge,
            int running) {}

    /** The workers, oldest first. */
    List<Member> workers();

    /** How many workers lived at this process's last heartbeat, at least 1. */
    int size();

    /** How many workers this process took off the list since it started, because their lease had ended and they had not left. */
    long lost();

    /**
     * Whether every living worker knows this one. Before that it must not take a task, because the others still share
     * each rate without it.
     */
    boolean isKnown();

    /**
     * The number of workers that share a rate of this period: the maximum within the last period, because the calls of
     * a worker that left still count. For long periods the last 10 seconds decide.
     *
     * @return 0 while this worker has no share, because it has not been known for a whole period, and the others' calls
     *         count
     */
    int sharing(Duration period);

    /**
     * Whether this worker now does the work that any worker of its track may do for all. Chance decides, so there is no
     * leader: about four of many workers do it, and of four or fewer each one does.
     */
    boolean isItsTurn();

    /**
     * Declares workers dead that gave no heartbeat for {@code lease}, and requeues all tasks that no living worker holds.
     *
     * @return how many tasks were requeued
     */
    int takeOver(Duration lease);

    /**
     * Gives the tasks of the canary to the stable workers if no canary worker takes any.
     *
     * @return how many
     */
    int returnFromCanary(int limit);

    /**
     * Queues the waiting tasks that have come due.
     *
     * @return how many
     */
    int promoteDue(int limit);

    /**
     * Queues the tasks that wait for a hold that is no longer in force, in the order in which they were created.
     *
     * @return how many
     */
    int wakeReleased(int limit);

    /** The leases that the worker holds, as the database sees it. */
    Set<Lease> held(UUID worker);
}
