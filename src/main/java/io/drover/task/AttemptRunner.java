package io.drover.task;

import io.drover.journal.Attempt;
import io.drover.journal.AttemptEnd;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Journal;
import io.drover.journal.LeaseLostException;
import io.drover.journal.PendingException;
import io.drover.journal.TaskQueue;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.start.Listeners;
import io.drover.tool.PermanentFailure;
import io.drover.tool.TypedFailure;
import io.drover.trace.GenAi;
import io.drover.trace.Traced;
import io.drover.trace.Traces;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Runs an attempt on the calling thread and makes its end durable. */
@Component
public class AttemptRunner {

    private static final Logger LOG = LoggerFactory.getLogger(AttemptRunner.class);

    private static final int LONGEST_MESSAGE = 2000;

    private final TaskQueue queue;
    private final Journal journal;
    private final HeldTasks holds;
    private final Listeners<TaskListener> listeners;
    private final OutcomeSignals outcomes;
    private final Traces traces;

    AttemptRunner(
            TaskQueue queue,
            Journal journal,
            HeldTasks holds,
            List<TaskListener> listeners,
            OutcomeSignals outcomes,
            Traces traces) {
        this.queue = queue;
        this.journal = journal;
        this.holds = holds;
        this.listeners = new Listeners<>(listeners);
        this.outcomes = outcomes;
        this.traces = traces;
    }

    /** Runs an attempt that no worker knows of, so it is not stopped after its time. */
    public void run(Workflow workflow, Attempt attempt) {
        run(new Run(workflow, attempt, System.nanoTime()));
    }

    void run(Run run) {
        ClaimedTask task = run.attempt.task();
        try (Traced span = traces.attempt(attempt(task));
                var current = span.context().makeCurrent()) {
            if (task.mode().hasNoEffect()) {
                span.says(GenAi.MODE, task.mode().word());
            }
            run(run, task, span);
        }
    }

    private static Traces.Attempt attempt(ClaimedTask task) {
        return new Traces.Attempt(task.workflow(), task.id(), task.token(), task.attempt(), task.dueAt(), task.trace());
    }

    private void run(Run run, ClaimedTask task, Traced span) {
        WorkflowSpec spec = run.workflow.spec();
        listeners.each(listener -> listener.began(task));
        Throwable cause = null;
        AttemptEnd end;
        AttemptEnd held = holds.waiting(task);
        if (held != null) {
            end = held;
        } else if (task.attempt() > spec.maxAttempts()) {
            end = new AttemptEnd.Dead(error(
                    "WorkerLost",
                    "all %d attempts are spent; the last one ended with its worker".formatted(spec.maxAttempts())));
        } else {
            try {
                end = new AttemptEnd.Completed(
                        spec.redaction().in(run.workflow.runner().run(run.attempt)));
            } catch (Exception | StackOverflowError | LinkageError e) { // else it is given back, and tried for ever
                cause = e;
                end = failed(task, spec, e);
            }
        }
        String stopped = run.attempt.close();
        awaitReads(run.attempt);
        Throwable unrecorded = run.attempt.failure();
        if (unrecorded != null) {
            cause = unrecorded;
            end = failed(task, spec, cause);
        }
        Throwable failure = PendingException.isIn(cause) ? null : cause;
        if (failure != null) {
            span.failed(type(failure), failure.getMessage());
        }
        AttemptEnd.Waiting asked = run.attempt.waiting();
        if (asked != null && (failure == null || !asked.isPending())) {
            end = asked; // whatever the route made of the exception
        } else if (run.attempt.isHandedOver()) {
            end = new AttemptEnd.Released();
        } else if (cause instanceof LeaseLostException || stopped != null) {
            if (run.tryEnd()) {
                LOG.info("attempt given up: {}", cause == null ? stopped : cause.getMessage());
            }
            return;
        }
        if (run.tryEnd()) {
            finish(run, end, cause);
        }
    }

    /** What was sent is written before the end: after it, it would be refused. */
    private static void awaitReads(Attempt attempt) {
        try {
            attempt.reads().sent().join();
        } catch (CompletionException e) {
            attempt.fail(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    /** Sends what the attempt has read so far, for people who look at the task. Does not wait, not even for the attempt. */
    void sendReads(Run run) {
        run.attempt.reads().trySend(journal);
    }

    /** Ends an attempt that took too long; what its thread still does is refused. Does not wait until that is durable. */
    void timeOut(Run run) {
        if (run.tryEnd()) {
            WorkflowSpec spec = run.workflow.spec();
            run.abandon("the attempt took longer than " + spec.timeout());
            AttemptTimeoutException cause = new AttemptTimeoutException(spec);
            Thread.ofVirtual().start(() -> finish(run, failed(run.attempt.task(), spec, cause), cause));
        }
    }

    /**
     * Gives the task back, because this worker is leaving. Where that is not written in time, the lease runs out.
     *
     * @return completes when it is durable
     */
    CompletableFuture<?> release(Run run) {
        if (!run.tryEnd()) {
            return CompletableFuture.completedFuture(null);
        }
        run.abandon("the worker is stopping");
        return queue.end(
                run.attempt.task().lease(),
                new AttemptEnd.Released(),
                run.attempt.reads().close());
    }

    /** Stops an attempt whose task is another's by now. */
    void lost(Run run) {
        if (run.tryEnd()) {
            run.abandon("the lease is lost");
            LOG.info(
                    "task {}: the lease is lost (taken over, cancelled or ended), so this attempt stops",
                    run.attempt.task().id());
        }
    }

    private void finish(Run run, AttemptEnd end, @Nullable Throwable cause) {
        ClaimedTask task = run.attempt.task();
        try {
            if (queue.end(task.lease(), end, run.attempt.reads().close()).join()) {
                if (end instanceof AttemptEnd.Completed || end instanceof AttemptEnd.Dead) {
                    run.endedTask();
                }
                Duration took = Duration.ofNanos(System.nanoTime() - run.startedNanos);
                listeners.each(listener -> listener.ended(task, end, cause, took));
                outcomes.ended(task.id(), end);
            } else {
                LOG.info("task {}: its end was refused, the lease is lost", task.id());
            }
        } catch (CompletionException e) {
            if (end instanceof AttemptEnd.Dead) {
                throw e;
            }
            // The database refuses this end, such as an output it cannot store: that is a failure like any other.
            Throwable refused = Objects.requireNonNull(e.getCause(), "a future says why it failed");
            finish(run, new AttemptEnd.Dead(error("UnstorableEnd", String.valueOf(refused.getMessage()))), e);
        }
    }

    private static AttemptEnd failed(ClaimedTask task, WorkflowSpec spec, Throwable cause) {
        String error = error(type(cause), cause.getMessage());
        boolean permanent = cause instanceof PermanentFailure failure && failure.isPermanent();
        if (permanent || task.attempt() >= spec.maxAttempts()) {
            return new AttemptEnd.Dead(error);
        }
        Duration backoff = spec.backoffAfter(task.attempt());
        return new AttemptEnd.Retry(error, Duration.ofNanos((long)
                (backoff.toNanos() * (0.5 + ThreadLocalRandom.current().nextDouble() / 2))));
    }

    private static String type(Throwable cause) {
        return cause instanceof TypedFailure typed
                ? typed.errorType()
                : cause.getClass().getSimpleName();
    }

    private static String error(String type, @Nullable String message) {
        Map<String, String> error = new LinkedHashMap<>();
        error.put("type", type);
        error.put("message", message == null ? type : Excerpt.of(message, LONGEST_MESSAGE));
        return Json.write(error);
    }
}
