package io.drover.task;

import io.drover.journal.Attempt;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Lease;
import io.drover.journal.Room;
import io.drover.journal.TaskQueue;
import io.drover.journal.Wakeups;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts that run in this process, each on a virtual thread of its own. */
final class RunningAttempts {

    private static final Logger LOG = LoggerFactory.getLogger(RunningAttempts.class);
    private static final int RELEASE_SECONDS = 3;

    private final TaskQueue queue;
    private final WorkflowRegistry workflows;
    private final Wakeups wakeups;
    private final AttemptRunner runner;
    private final InFlight inFlight;
    private final BooleanSupplier isBehind;
    private final Map<Lease, Run> running = new ConcurrentHashMap<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final ThreadFactory threads;

    /** @param isBehind whether the queue may hold tasks for which there was no place */
    RunningAttempts(
            TaskQueue queue,
            WorkflowRegistry workflows,
            Wakeups wakeups,
            AttemptRunner runner,
            InFlight inFlight,
            BooleanSupplier isBehind) {
        this(
                queue,
                workflows,
                wakeups,
                runner,
                inFlight,
                isBehind,
                Thread.ofVirtual().name("task-", 0).factory());
    }

    RunningAttempts(
            TaskQueue queue,
            WorkflowRegistry workflows,
            Wakeups wakeups,
            AttemptRunner runner,
            InFlight inFlight,
            BooleanSupplier isBehind,
            ThreadFactory threads) {
        this.queue = queue;
        this.workflows = workflows;
        this.wakeups = wakeups;
        this.runner = runner;
        this.inFlight = inFlight;
        this.isBehind = isBehind;
        this.threads = threads;
    }

    /** A view of them, by their leases. */
    Map<Lease, Run> byLease() {
        return Collections.unmodifiableMap(running);
    }

    int count() {
        return running.size() + kept.get();
    }

    /** Keeps a place for a task that is being stored; {@link #giveBack} or {@link #beginKept} frees it. */
    void keep(Workflow workflow) {
        workflow.began();
        kept.incrementAndGet();
    }

    /** The place is not needed. */
    void giveBack(Workflow workflow) {
        kept.decrementAndGet();
        workflow.ended();
    }

    /** Begins the first attempt at a task whose place was kept. */
    void beginKept(Workflow workflow, ClaimedTask task) {
        try {
            begin(new Run(workflow, new Attempt(task, List.of()), System.nanoTime()));
        } finally {
            kept.decrementAndGet();
        }
    }

    /** Whether a place is kept for a task that is being stored. */
    boolean isKeeping() {
        return kept.get() > 0;
    }

    /** How long the longest-running attempt here has run; zero if none runs. */
    Duration longest() {
        long now = System.nanoTime();
        return Duration.ofNanos(running.values().stream()
                .mapToLong(run -> now - run.startedNanos)
                .max()
                .orElse(0));
    }

    /** What may be claimed beside them, for this many free places. */
    Room room(int free) {
        return inFlight.room(running.values(), free);
    }

    /** Begins an attempt at each of these tasks. */
    void begin(Claims.Resumed resumed) {
        for (ClaimedTask task : resumed.tasks()) {
            begin(new Attempt(
                    task,
                    resumed.calls().getOrDefault(task.id(), List.of()),
                    resumed.mirrors().get(task.id())));
        }
    }

    private void begin(Attempt attempt) {
        ClaimedTask task = attempt.task();
        Workflow workflow = workflows.get(task.workflowVersion());
        if (workflow == null) { // its file was deleted since the request
            queue.end(task.lease(), new AttemptEnd.Released());
            return;
        }
        workflow.began();
        begin(new Run(workflow, attempt, System.nanoTime()));
    }

    private void begin(Run run) {
        running.put(run.attempt.lease(), run);
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
        if (!run.isFinal() || task.lost() > 0 || isBehind.getAsBoolean()) {
            wakeups.wake();
        }
    }

    /** Attempts may end; later they may only end the calls that are under way, so that none is cut off and in doubt. */
    void drain(Duration timeout) {
        Duration half = timeout.dividedBy(2);
        tell("stopping: {} attempts may continue for {}, and their calls for as long again", half);
        awaitEnds(half);
        running.values().forEach(run -> run.attempt.handOver());
        tell("stopping: {} attempts begin no more calls, and those under way may continue for {}", half);
        awaitEnds(half);
    }

    private void tell(String what, Duration patience) {
        if (!running.isEmpty()) {
            LOG.info(what, running.size(), patience);
        }
    }

    private void awaitEnds(Duration patience) {
        long begin = System.nanoTime();
        while (!running.isEmpty() && System.nanoTime() - begin < patience.toNanos()) {
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Gives the tasks back to the queue that still run. */
    void release() {
        CompletableFuture.allOf(running.values().stream().map(runner::release).toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, RELEASE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
