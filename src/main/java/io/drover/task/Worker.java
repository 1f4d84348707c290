package io.drover.task;

import io.drover.journal.Attempt;
import io.drover.journal.AttemptEnd;
import io.drover.journal.CallRecord;
import io.drover.journal.ClaimRequest;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.Lease;
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
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Claims tasks in batches and runs each on a virtual thread. It starts last (Camel and the routes are up then) and stops first, so that a stopping process
 * finishes what it has begun and takes nothing new.
 */
@Component
public class Worker implements Part {

    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final int CLAIM_BATCH = 500;
    private static final int RELEASE_SECONDS = 3;
    private static final Duration LONGEST_POLL = Duration.ofSeconds(20);
    private static final Duration LAST_CLAIM = Duration.ofSeconds(2);

    private final WorkerProperties properties;
    private final WorkerIdentity identity;
    private final TaskQueue queue;
    private final Journal journal;
    private final WorkflowRegistry workflows;
    private final Wakeups wakeups;
    private final AttemptRunner runner;
    private final InFlight inFlight;
    private final FairPlaces fair = new FairPlaces();
    private final Map<Lease, Run> running = new ConcurrentHashMap<>();
    private final ThreadFactory threads = Thread.ofVirtual().name("task-", 0).factory();
    private volatile boolean claiming;
    private volatile boolean started;
    private final Periodic claimer = Periodic.vital("claim", Duration.ZERO, this::claimOrWait);
    private boolean told;

    Worker(
            WorkerProperties properties,
            WorkerIdentity identity,
            TaskQueue queue,
            Journal journal,
            WorkflowRegistry workflows,
            Wakeups wakeups,
            AttemptRunner runner) {
        this.properties = properties;
        this.identity = identity;
        this.queue = queue;
        this.journal = journal;
        this.workflows = workflows;
        this.wakeups = wakeups;
        this.runner = runner;
        this.inFlight = new InFlight(properties.maxInFlightBytes().toBytes());
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
        started = true;
        claiming = true;
        identity.join(running);
        wakeups.workerHere(true);
        claimer.startToStay();
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
        return running.size();
    }

    /** How long the longest-running attempt here has run; zero if none runs. */
    public Duration longest() {
        long now = System.nanoTime();
        return Duration.ofNanos(running.values().stream()
                .mapToLong(run -> now - run.startedNanos)
                .max()
                .orElse(0));
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

    /** A poll may be longer than a run may take. */
    private void await(Duration poll) throws InterruptedException {
        wakeups.await(Math.min(poll.toMillis(), LONGEST_POLL.toMillis()));
    }

    /** @return how many tasks were begun, when it is worth asking again immediately */
    private int claimAndRun() {
        int free = Math.min(CLAIM_BATCH, properties.concurrency() - running.size());
        if (free <= 0) {
            return 0;
        }
        Room room = inFlight.room(running.values(), free);
        List<ClaimRequest> requests = requests(room.tasks());
        if (requests.isEmpty()) {
            return 0;
        }
        List<ClaimedTask> claimed = queue.claim(identity.id(), requests, room);
        if (claimed.isEmpty() && room.lost() > 0 && !room.alone()) {
            claimed =
                    queue.claim(identity.id(), requests, room.withoutLost()); // those behind the ones that have to wait
        }
        inFlight.claimed(claimed);
        fair.claimed(claimed);
        List<UUID> resumed = claimed.stream()
                .filter(task -> task.token() > 1)
                .map(ClaimedTask::id)
                .toList();
        Map<UUID, List<CallRecord>> calls = resumed.isEmpty() ? Map.of() : journal.calls(resumed);
        for (ClaimedTask task : claimed) {
            begin(task, calls.getOrDefault(task.id(), List.of()));
        }
        return claimed.size();
    }

    private List<ClaimRequest> requests(int free) {
        List<ClaimRequest> requests = new ArrayList<>();
        if (free <= 0) {
            return requests;
        }
        List<Workflow> claimable =
                workflows.all().values().stream().filter(this::isClaimed).toList();
        int all = running.size();
        for (Workflow workflow : claimable) {
            int itsOwn = workflows.running(workflow.spec().name());
            int most = claimable.size() == 1
                    ? properties.concurrency()
                    : FairPlaces.most(properties.concurrency(), all - itsOwn);
            int open = Math.min(workflow.spec().concurrency(), most) - itsOwn;
            if (open > 0) {
                requests.add(new ClaimRequest(
                        workflow.spec().name(), Math.min(open, fair.share(free)), workflow.definition()));
            }
        }
        Collections.shuffle(requests); // no workflow is always first
        return requests;
    }

    private boolean isClaimed(Workflow workflow) {
        return properties.claims(workflow.spec())
                && !workflows.isPaused(workflow.spec().name());
    }

    private void begin(ClaimedTask task, List<CallRecord> calls) {
        Workflow workflow = workflows.get(task.workflow());
        if (workflow == null) { // its file was deleted since the request
            queue.end(task.lease(), new AttemptEnd.Released());
            return;
        }
        Run run = new Run(workflow, new Attempt(task, calls), System.nanoTime());
        running.put(task.lease(), run);
        workflow.began();
        try {
            threads.newThread(() -> {
                        run.onThisThread();
                        try {
                            runner.run(run);
                        } finally {
                            ended(run);
                        }
                    })
                    .start();
        } catch (Throwable e) { // no memory for a thread: a lease that nothing runs under is given back
            ended(run);
            throw e;
        }
    }

    private void ended(Run run) {
        ClaimedTask task = run.attempt.task();
        run.workflow.ended();
        running.remove(task.lease());
        inFlight.ended(task);
        wakeups.wake();
    }

    @Override
    public void stop() {
        if (!started) {
            return;
        }
        takeNoMore();
        drain();
        CompletableFuture.allOf(running.values().stream().map(runner::release).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, RELEASE_SECONDS, TimeUnit.SECONDS)
                .join();
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
        wakeups.wake();
        try {
            claimer.end(LAST_CLAIM);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        identity.leaving();
    }

    /** Attempts may end; later they may only end the calls that are under way, so that none is cut off and in doubt. */
    private void drain() {
        Duration half = properties.drainTimeout().dividedBy(2);
        if (!running.isEmpty()) {
            LOG.info(
                    "stopping: {} attempts may continue for {}, and their calls for as long again",
                    running.size(),
                    half);
        }
        awaitEnds(half);
        running.values().forEach(run -> run.attempt.handOver());
        awaitEnds(half);
    }

    private void awaitEnds(Duration patience) {
        long begin = System.nanoTime();
        while (!running.isEmpty() && System.nanoTime() - begin < patience.toNanos()) {
            sleep(Duration.ofMillis(20));
        }
    }

    private static void pause() {
        sleep(Duration.ofMillis(500));
    }

    private static void sleep(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
