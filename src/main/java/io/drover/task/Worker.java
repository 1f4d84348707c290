package io.drover.task;

import io.drover.hold.HoldsInForce;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.LocalWorker;
import io.drover.journal.Mirrors;
import io.drover.journal.Mode;
import io.drover.journal.NewTask;
import io.drover.journal.Room;
import io.drover.journal.TaskQueue;
import io.drover.journal.Wakeups;
import io.drover.start.Part;
import io.drover.start.Periodic;
import io.drover.start.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Claims tasks in batches and runs each on a virtual thread.
 * A task that is submitted in this process begins at the moment it is stored, if there is a place for it and none of its
 * workflow waits in the queue.
 * It starts last, when Camel and the routes are up.
 * It stops first, so that a stopping process finishes what it has begun and takes nothing new.
 */
@Component
public class Worker implements Part, LocalWorker.Host {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int CLAIM_BATCH = 500;
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
    private static final Duration LAST_CLAIM = Duration.ofSeconds(2);

    private final WorkerProperties properties;
    private final WorkerIdentity identity;
    private final WorkflowRegistry workflows;
    private final Wakeups wakeups;
    private final HoldsInForce holds;
    private final LocalWorker local;
    private final InFlight inFlight;
    private final Claims claims;
    private final RunningAttempts attempts;
    private final ReentrantLock places = new ReentrantLock();
    private volatile boolean claiming;
    private volatile boolean started;
    private final Periodic claimer = Periodic.vital("claim", Duration.ZERO, this::claimOrWait);
    private boolean told;

    Worker(
            WorkerProperties properties,
            WorkerIdentity identity,
            TaskQueue queue,
            Journal journal,
            Mirrors mirrors,
            WorkflowRegistry workflows,
            Wakeups wakeups,
            HoldsInForce holds,
            LocalWorker local,
            AttemptRunner runner) {
        this.properties = properties;
        this.identity = identity;
        this.workflows = workflows;
        this.wakeups = wakeups;
        this.holds = holds;
        this.local = local;
        this.inFlight = new InFlight(properties.maxInFlightBytes().toBytes());
        this.claims = new Claims(queue, journal, mirrors, properties.concurrency(), workflows, this::isClaimed);
        this.attempts = new RunningAttempts(queue, workflows, wakeups, runner, inFlight, claims::isBehind);
    }

    @Override
    public Sequence place() {
        return Sequence.WORKER;
    }

    @Override
    public void start() {
        if (!identity.isWorker() || started) {
            return;
        }
        holds.refresh(); // before the first claim
        started = true;
        claiming = true;
        identity.join(attempts.byLease());
        wakeups.workerHere(true);
        claimer.startToStay();
        local.is(this);
    }

    /** The name by which the other workers know it. */
    public String name() {
        return identity.name();
    }

    /**
     * For how long no attempt could make progress here, because all carriers of virtual threads are busy; otherwise
     * zero.
     */
    public Duration standsStillFor() {
        return identity.standsStillFor();
    }

    /** How long this worker's leases last without a heartbeat. */
    public Duration lease() {
        return properties.lease();
    }

    /** How many attempts may run here concurrently. */
    public int concurrency() {
        return properties.concurrency();
    }

    /** How many attempts run here now. */
    public int running() {
        return attempts.count();
    }

    /** How long the longest-running attempt here has run; zero if none runs. */
    public Duration longest() {
        return attempts.longest();
    }

    private void claimOrWait() throws InterruptedException {
        if (!claiming) {
            return;
        }
        try {
            boolean may = identity.mayClaim();
            if (may && !told) {
                LOG.info("worker {} claims tasks, up to {} concurrently", identity.name(), properties.concurrency());
                told = true;
            }
            if (!may || claimAndRun() == 0) {
                await(properties.poll());
            }
        } catch (DataAccessException e) {
            LOG.warn(
                    "claiming failed, and is tried again: {}",
                    e.getMostSpecificCause().getMessage());
            pause();
        }
    }

    /** Waits in parts, because a poll may last longer than one run of a {@link Periodic} should. */
    private void await(Duration poll) throws InterruptedException {
        wakeups.await(Math.min(poll.toMillis(), LONGEST_POLL.toMillis()));
    }

    /** @return how many tasks were begun, when it is worth asking again immediately */
    private int claimAndRun() {
        places.lock();
        try {
            int free = Math.min(CLAIM_BATCH, properties.concurrency() - attempts.count());
            if (free <= 0) {
                return 0;
            }
            List<ClaimedTask> claimed = claims.claim(identity.id(), attempts.room(free), attempts.count());
            inFlight.claimed(claimed);
            attempts.begin(claims.resume(claimed));
            return claimed.size();
        } finally {
            places.unlock();
        }
    }

    @Override
    public UUID worker() {
        return identity.id();
    }

    /** Of several workers none takes more than its part, whichever of them the tasks are submitted to. */
    @Override
    public List<LocalWorker.@Nullable Place> keep(List<NewTask> tasks) {
        List<LocalWorker.@Nullable Place> kept = new ArrayList<>(Collections.nCopies(tasks.size(), null));
        if (!places.tryLock()) {
            return kept; // a claim is under way, and may take what is free
        }
        try {
            int free = properties.concurrency() / identity.fleetSize() - attempts.count();
            if (!claiming || free <= 0 || !identity.mayClaim()) {
                return kept;
            }
            Room room = attempts.room(free);
            long bytes = 0;
            for (int i = 0; i < kept.size() && bytes < room.bytes() && free > 0; i++) {
                Workflow workflow = workflows.get(tasks.get(i).workflowVersion());
                if (workflow != null
                        && !tasks.get(i).delay().isPositive()
                        && tasks.get(i).submitter().mode() != Mode.SHADOW // a claim reads what it mirrors
                        && claims.open(workflow, attempts.count()) > 0) {
                    attempts.keep(workflow);
                    kept.set(i, new Kept(workflow));
                    bytes += tasks.get(i).input().length();
                    free--;
                }
            }
            return kept;
        } finally {
            places.unlock();
        }
    }

    private final class Kept implements LocalWorker.Place {

        private final Workflow workflow;

        Kept(Workflow workflow) {
            this.workflow = workflow;
        }

        @Override
        public long definition() {
            return workflow.definition();
        }

        @Override
        public void begin(ClaimedTask task) {
            attempts.beginKept(workflow, task);
        }

        @Override
        public void giveBack() {
            attempts.giveBack(workflow);
        }
    }

    private boolean isClaimed(Workflow workflow) {
        return properties.claims(workflow.spec())
                && !holds.holdsWorkflow(workflow.spec().name());
    }

    @Override
    public void stop() {
        if (!started) {
            return;
        }
        takeNoMore();
        attempts.drain(properties.drainTimeout());
        attempts.release();
        identity.leave();
        wakeups.workerHere(false);
        started = false;
    }

    /** Claims nothing from now on. Returns when the tasks that are being claimed have begun. */
    public void takeNoMore() {
        if (!claiming) {
            return;
        }
        claiming = false;
        local.is(null);
        wakeups.wake();
        try {
            claimer.end(LAST_CLAIM);
            for (long begin = System.nanoTime();
                    attempts.isKeeping() && System.nanoTime() - begin < LAST_CLAIM.toNanos(); ) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        identity.leaving();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
