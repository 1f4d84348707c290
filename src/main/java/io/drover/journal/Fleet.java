package io.drover.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The living workers, and what is done for tasks that nobody works on. */
public interface Fleet {

    /** Announces a worker. */
    void join(UUID worker, String name, String version);

    /**
     * Says that a worker lives.
     *
     * @param lease for how long its leases hold without another heartbeat
     * @return false when it was declared dead meanwhile: its tasks are others' now, and it must join anew
     */
    boolean heartbeat(UUID worker, Duration lease);

    /**
     * Whether this process's leases surely hold: its last heartbeat is younger than the lease, by its own monotonic clock.
     * A process that was paused knows by this, before it asks anybody, that it may not go on.
     */
    boolean leasesHold();

    /** Says that a worker takes nothing new, while it finishes what it runs. */
    void leaving(UUID worker);

    /** Takes a worker off the list; tasks that are still under its lease become claimable at the next {@link #takeOver}. */
    void leave(UUID worker);

    /**
     * A worker.
     *
     * @param track        {@code stable} or {@code canary}: whose tasks it claims
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

    /**
     * Whether every living worker knows of this one. Before that it may take no task: the others still share each rate without it.
     */
    boolean isKnown();

    /**
     * Among how many workers a rate of this period is shared: the most that there were within the last period, because the calls of one
     * that left still count. For long periods the last 10 seconds decide.
     *
     * @return 0 while this worker has no share: it is not known for so long yet, and the others' calls count
     */
    int sharing(Duration period);

    /**
     * Whether this worker does now what any of its track could do for all. By chance, so that nobody leads: about four of many do, and
     * of four or fewer each does.
     */
    boolean isItsTurn();

    /**
     * Declares workers dead that gave no heartbeat for {@code lease}, and requeues all tasks that no living worker holds.
     *
     * @return how many tasks were requeued
     */
    int takeOver(Duration lease);

    /**
     * Gives the tasks of the canary to the stable workers, where no canary worker takes any.
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

    /** The leases that the worker holds, as the database sees it. */
    Set<Lease> held(UUID worker);
}
