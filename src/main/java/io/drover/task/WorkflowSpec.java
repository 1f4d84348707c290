package io.drover.task;

import io.drover.journal.WorkflowVersion;
import io.drover.json.Excerpt;
import io.drover.json.Redaction;
import io.drover.json.Schema;
import io.drover.start.Bounds;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The options of a workflow's route.
 *
 * @param version     from 1; several stand side by side, each in a file of its own
 * @param maxAttempts the number of failed attempts after which the task is dead
 * @param timeout     for one attempt
 * @param concurrency concurrent attempts in one process
 * @param backoff     before the second attempt; doubles with each, up to {@link #LONGEST_BACKOFF}
 * @param priority    of its tasks, unless the submitter sets one; 0 to 9, 9 first
 * @param worker      the kind of worker that works on its tasks
 * @param inputSchema what the input must look like, or null for any JSON
 * @param onEnd       the tool that is called when a task ends or waits for a person, as in {@code tool:notify}, or null
 * @param redaction   the fields of the output that are never stored, and of the input once the task has ended
 */
public record WorkflowSpec(
        String name,
        int version,
        int maxAttempts,
        Duration timeout,
        int concurrency,
        Duration backoff,
        int priority,
        WorkerKind worker,
        @Nullable Schema inputSchema,
        @Nullable String onEnd,
        Redaction redaction) {

    private static final Pattern TOOL = Pattern.compile("tool:([A-Za-z][A-Za-z0-9_.-]{0,63})");

    /** Of its tasks, and of one that is submitted. */
    public static final Bounds<Integer> PRIORITY = Bounds.of(0, 9, 4);

    /** Until one that is submitted is due. */
    public static final Bounds<Duration> DELAY = Bounds.ofTime("0s", "365d", "5m");

    /** One that is written down, and one that is asked for. */
    public static final Bounds<Integer> VERSION = Bounds.of(1, 999_999, 2);

    private static final Bounds<Integer> MAX_ATTEMPTS = Bounds.of(1, 1_000_000, 5);
    private static final Bounds<Duration> TIMEOUT = Bounds.ofTime("1ms", "30d", "15m");
    private static final Bounds<Integer> CONCURRENCY = Bounds.of(1, 1_000_000, 1000);
    private static final Bounds<Duration> BACKOFF = Bounds.ofTime("0s", "1d", "1s");

    /** The allowed numbers and times of a workflow, by the name of the option. */
    public static final Map<String, Bounds<?>> BY_OPTION = Map.of(
            "version", VERSION,
            "maxAttempts", MAX_ATTEMPTS,
            "timeout", TIMEOUT,
            "concurrency", CONCURRENCY,
            "backoff", BACKOFF,
            "priority", PRIORITY);

    static final Duration LONGEST_BACKOFF = Duration.ofMinutes(10);

    public WorkflowSpec {
        String task = "task:%s: ".formatted(name);
        VERSION.check(task + "version", version);
        MAX_ATTEMPTS.check(task + "maxAttempts", maxAttempts);
        TIMEOUT.check(task + "timeout", timeout);
        CONCURRENCY.check(task + "concurrency", concurrency);
        BACKOFF.check(task + "backoff", backoff);
        PRIORITY.check(task + "priority", priority);
        if (onEnd != null && !TOOL.matcher(onEnd).matches()) {
            throw new IllegalArgumentException(
                    "%sonEnd: '%s' is not a tool; write tool:<name>".formatted(task, Excerpt.of(onEnd)));
        }
    }

    /** The first version, without a tool that is called at the end. */
    public WorkflowSpec(
            String name,
            int maxAttempts,
            Duration timeout,
            int concurrency,
            Duration backoff,
            int priority,
            WorkerKind worker,
            @Nullable Schema inputSchema) {
        this(name, 1, maxAttempts, timeout, concurrency, backoff, priority, worker, inputSchema, null, Redaction.NONE);
    }

    public WorkflowVersion id() {
        return new WorkflowVersion(name, version);
    }

    /** The name of the tool that is called at the end, or null. */
    @Nullable
    String callback() {
        return onEnd == null ? null : onEnd.substring("tool:".length());
    }

    /** Before the next attempt, without jitter. */
    Duration backoffAfter(int attempt) {
        Duration exponential = backoff.multipliedBy(1L << Math.min(attempt - 1, 20));
        return exponential.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : exponential;
    }
}
