package io.drover.journal.memory;

import io.drover.journal.Addresses;
import io.drover.journal.AttemptEnd;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.ClaimedTask;
import io.drover.journal.Lease;
import io.drover.journal.NewTask;
import io.drover.journal.TaskStatus;
import io.drover.journal.WaitReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One task, as a row of a table would hold it. Its store's lock guards it. */
final class StoredTask {

    /** When a task is due that only a person, or a result, can wake. */
    static final Instant NEVER = Instant.MAX;

    final NewTask task;
    final Instant createdAt;
    final Map<UUID, CallRecord> calls = new LinkedHashMap<>();

    TaskStatus status;
    Instant dueAt;
    AttemptEnd.@Nullable Waiting wait;

    @Nullable
    WaitReason reason;

    @Nullable
    String output;

    @Nullable
    String error;

    int attempt;
    long token;
    int lost;
    boolean woken;

    StoredTask(NewTask task, Instant now) {
        this.task = task;
        this.createdAt = now;
        this.dueAt = now.plus(task.delay());
        this.status = task.delay().isZero() ? TaskStatus.QUEUED : TaskStatus.WAITING;
        this.reason = task.delay().isZero() ? null : WaitReason.DELAY;
    }

    UUID id() {
        return task.id();
    }

    boolean holds(Lease lease) {
        return status == TaskStatus.RUNNING && token == lease.token();
    }

    boolean isDue(Instant now) {
        return (status == TaskStatus.QUEUED || status == TaskStatus.WAITING) && !dueAt.isAfter(now);
    }

    /** An attempt begins. */
    ClaimedTask claim() {
        Instant since = dueAt;
        status = TaskStatus.RUNNING;
        token++;
        attempt++;
        woken = false;
        wait = null;
        reason = null;
        long bytes = task.input().length();
        for (CallRecord call : calls.values()) {
            bytes += call.arguments().length()
                    + Objects.toString(call.result(), "").length();
        }
        return new ClaimedTask(
                id(),
                task.workflow(),
                task.key(),
                token,
                attempt,
                task.input(),
                createdAt,
                task.submitter().name(),
                since,
                task.submitter().trace(),
                (int) Math.min(bytes, Integer.MAX_VALUE),
                lost,
                task.submitter().family(),
                task.submitter().redone(),
                task.submitter().mode(),
                task.submitter().version(),
                Addresses.PLAIN);
    }

    /** What it waits for came, or a part of it: it is due, or its attempt hears of it at its end. */
    void wake(Instant now) {
        woken = true;
        if (status == TaskStatus.WAITING && wait != null && wait.mayBeWoken()) {
            queue(now);
        }
    }

    /** A person decided what it waited for. */
    void wakeDecided(Instant now) {
        boolean doubts = calls.values().stream().anyMatch(call -> call.state() == CallState.IN_DOUBT);
        if (status == TaskStatus.WAITING && reason == WaitReason.IN_DOUBT && !doubts) {
            queue(now);
        }
    }

    private void queue(Instant now) {
        status = TaskStatus.QUEUED;
        dueAt = now;
        wait = null;
        reason = null;
        error = null;
    }

    /** Its worker is gone, and another one takes it over. */
    void takeOver(Instant now) {
        lost++;
        queue(now);
    }

    /** @param earliest when one of the results that it waits for comes by itself, or {@link #NEVER} */
    void end(AttemptEnd end, Instant now, Instant earliest) {
        switch (end) {
            case AttemptEnd.Completed completed -> {
                status = TaskStatus.COMPLETED;
                output = completed.output();
                error = null;
            }
            case AttemptEnd.Dead dead -> {
                status = TaskStatus.DEAD;
                error = dead.error();
            }
            case AttemptEnd.Retry retry -> {
                status = TaskStatus.WAITING;
                reason = WaitReason.RETRY;
                error = retry.error();
                dueAt = now.plus(retry.backoff());
            }
            case AttemptEnd.Waiting waiting -> {
                attempt--;
                if (waiting.mayBeWoken() && woken) {
                    queue(now);
                } else {
                    waits(waiting, now, earliest);
                }
            }
            case AttemptEnd.Released released -> {
                attempt--;
                queue(now);
            }
        }
        if (!(end instanceof AttemptEnd.Released)) {
            lost = 0;
        }
    }

    private void waits(AttemptEnd.Waiting waiting, Instant now, Instant earliest) {
        Duration delay = waiting.delay();
        Instant own = delay == null ? NEVER : now.plus(delay);
        status = TaskStatus.WAITING;
        wait = waiting;
        reason = waiting.reason();
        error = waiting.error();
        dueAt = waiting.mayBeWoken() && earliest.isBefore(own) ? earliest : own;
    }

    /** In the order in which they were made. */
    List<CallRecord> inOrder() {
        return calls.values().stream()
                .sorted(Comparator.comparing(CallRecord::n))
                .toList();
    }
}
