package io.drover.task;

import io.drover.journal.Fleet;
import io.drover.journal.Lease;
import io.drover.journal.Notifications;
import io.drover.journal.TaskQueue;
import io.drover.journal.Wakeups;
import io.drover.start.Periodic;
import io.drover.start.RefusedToStartException;
import io.drover.start.Version;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Who this process is among the workers: joins, gives heartbeats, and looks after what others left behind. A heartbeat
 * says that attempts can run here, so one in which they stand still gives none and loses its tasks. A process that
 * was declared dead (it was paused, say) stops everything it held and joins again under a new id.
 */
@Component
class WorkerIdentity {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerIdentity.class);
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration LAST_TICK = Duration.ofSeconds(2);
    private static final int BATCH = 1000; // a statement of a tick must be short, because heartbeats wait for it

    private final WorkerProperties properties;
    private final Fleet fleet;
    private final StrayLeases strays;
    private final AttemptRunner runner;
    private final Wakeups wakeups;
    private final Notifications notifications;
    private final boolean worker;
    private final String name = ManagementFactory.getRuntimeMXBean().getName();
    private final Periodic clock = Periodic.vital("worker-clock", TICK, this::tick);
    private Map<Lease, Run> running = Map.of();
    private final CarrierProbe probe;
    private long lastBeat;
    private volatile UUID id = UUID.randomUUID();

    WorkerIdentity(
            WorkerProperties properties,
            Fleet fleet,
            TaskQueue queue,
            AttemptRunner runner,
            Wakeups wakeups,
            Notifications notifications,
            @Value("${drover.role:all}") String role) {
        this.properties = properties;
        this.fleet = fleet;
        this.strays = new StrayLeases(fleet, queue, runner);
        this.runner = runner;
        this.wakeups = wakeups;
        this.notifications = notifications;
        this.probe = new CarrierProbe(properties.lease());
        if (!Set.of("all", "worker", "trigger").contains(role)) {
            throw new RefusedToStartException("drover.role (%s) must be all, worker or trigger".formatted(role));
        }
        this.worker = !role.equals("trigger");
    }

    boolean isWorker() {
        return worker;
    }

    UUID id() {
        return id;
    }

    /** Whether the other workers know of this one and attempts can run here, so that it may take tasks. */
    boolean mayClaim() {
        return fleet.isKnown() && !probe.isLate();
    }

    /** How many workers live, this one included. */
    int fleetSize() {
        return fleet.size();
    }

    Duration standsStillFor() {
        return probe.unanswered();
    }

    String name() {
        return name;
    }

    void join(Map<Lease, Run> runs) {
        running = runs;
        fleet.join(id, name, Version.text());
        fleet.heartbeat(id, properties.lease());
        lastBeat = System.nanoTime();
        notifications.start();
        clock.start();
    }

    /** This worker takes nothing new from now on. */
    void leaving() {
        signOff("that it is leaving", fleet::leaving);
    }

    void leave() {
        notifications.stop();
        try {
            clock.end(LAST_TICK); // a heartbeat that finds this worker gone would join again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        signOff("that it is gone", fleet::leave);
    }

    private void signOff(String what, Consumer<UUID> how) {
        try {
            how.accept(id);
        } catch (DataAccessException e) {
            LOG.warn(
                    "worker {} could not report {}; its lease ends by itself after {}: {}",
                    name,
                    what,
                    properties.lease(),
                    e.getMostSpecificCause().getMessage());
        }
    }

    private void tick() {
        try {
            timeOut();
            boolean isNew = !fleet.isKnown();
            if (!probe.canRunAttempts(name)) {
                return;
            }
            if (isNew || System.nanoTime() - lastBeat >= properties.heartbeat().toNanos()) {
                beat();
            }
            if (isNew && fleet.isKnown()) {
                wakeups.wake();
            }
            if (fleet.isItsTurn() && lookAfterOthers() > 0) {
                wakeups.wake();
            }
        } catch (DataAccessException e) {
            LOG.warn(
                    "worker {}: the database does not answer: {}",
                    name,
                    e.getMostSpecificCause().getMessage());
        }
    }

    private int lookAfterOthers() {
        return fleet.promoteDue(BATCH) + fleet.returnFromCanary(BATCH) + fleet.wakeReleased(BATCH);
    }

    private void timeOut() {
        long now = System.nanoTime();
        for (Run run : running.values()) {
            if (now - run.startedNanos > run.workflow.spec().timeout().toNanos()) {
                runner.timeOut(run);
            }
        }
    }

    private void beat() {
        // After an outage of the database every worker's heartbeat is old: each may give one before any is declared
        // dead.
        boolean mayBury = fleet.leasesHold();
        if (!fleet.heartbeat(id, properties.lease())) {
            LOG.warn(
                    "worker {}: declared dead after {} without a heartbeat; other workers take over its tasks, and it"
                            + " joins again",
                    name,
                    properties.lease());
            running.values().forEach(runner::lost);
            id = UUID.randomUUID();
            fleet.join(id, name, Version.text());
        }
        lastBeat = System.nanoTime();
        strays.reconcile(id, running);
        running.values().forEach(runner::sendReads);
        int requeued = mayBury && fleet.isItsTurn() ? fleet.takeOver(properties.lease()) : 0;
        if (requeued > 0) {
            LOG.info("worker {}: requeued {} tasks of workers that are gone", name, requeued);
            wakeups.wake();
        }
    }
}
