package io.drover.console;

import io.drover.api.AttemptInfo;
import io.drover.api.RetryPreview;
import io.drover.api.TaskInfo;
import io.drover.journal.Approval;
import io.drover.journal.CallState;
import io.drover.journal.TaskAttempt;
import io.drover.journal.TaskStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happened to a task, in the order in which it happened. */
record Timeline(List<Event> events) {

    private static final double NARROWEST = 0.7;

    /**
     * One thing that happened.
     *
     * @param call  the call that it was, or null
     * @param late  the result that came too late, or null
     * @param error why an attempt failed, or null
     * @param hint  what the next attempt does with the call, or an empty text
     * @param open  whether a person may decide about the call now
     * @param from  where its bar begins, in percent of the task's time
     * @param width of its bar, in percent
     */
    record Event(
            Instant at,
            String what,
            TaskInfo.@Nullable Call call,
            TaskInfo.@Nullable LateResult late,
            @Nullable String error,
            String hint,
            boolean open,
            String from,
            String width) {

        /** Whether it is a call that is finished for good, and in the usual way. */
        boolean isDone() {
            return call != null && call.state() == CallState.SUCCEEDED && call.fallback() == null && !open;
        }
    }

    /** The calls about which a person may decide now. */
    Stream<TaskInfo.Call> open() {
        return events.stream().filter(Event::open).map(Event::call).filter(Objects::nonNull);
    }

    /** The events as they are listed: long runs of done calls are folded. Public, because templates call it. */
    public List<Fold> folds() {
        return Fold.of(events);
    }

    static Timeline of(TaskInfo task, Instant now) {
        Instant end = task.finishedAt() != null ? task.finishedAt() : now;
        List<Event> events = new ArrayList<>();
        events.add(
                event(task.createdAt(), "submitted" + (task.submittedBy() == null ? "" : " by " + task.submittedBy())));
        attempts(task, events);
        task.calls().forEach(call -> events.add(event(task, call, end)));
        for (TaskInfo.LateResult late : task.lateResults()) {
            events.add(new Event(late.receivedAt(), "", null, late, null, "", false, "0", "0"));
        }
        task.approvals().forEach(approval -> events.addAll(ApprovalEvents.of(approval)));
        for (TaskInfo.Decision decision : task.decisions()) {
            if (ApprovalEvents.AUDITED.contains(decision.what())) {
                continue;
            }
            events.add(event(decision.at(), what(decision)));
        }
        events.sort(Comparator.comparing(Event::at)); // stable: what happened at the same time stays in this order
        if (task.finishedAt() != null) {
            events.add(event(task.finishedAt(), task.status().name().toLowerCase(Locale.ROOT)));
        }
        if (task.erasedAt() != null) {
            events.add(event(task.erasedAt(), "its content was erased"));
        }
        if (task.removedAt() != null) {
            events.add(event(task.removedAt(), "its content was removed because of its age"));
        }
        return new Timeline(events);
    }

    private static void attempts(TaskInfo task, List<Event> events) {
        boolean one = task.attemptHistory().size() == 1
                && task.attempts() <= 1
                && task.attemptHistory().getFirst().ending() != TaskAttempt.Ending.FAILED;
        for (AttemptInfo attempt : task.attemptHistory()) {
            String name = one ? "attempt" : "attempt " + attempt.n();
            String on = attempt.worker() == null ? "" : " on worker " + attempt.worker();
            if (attempt.beganAt() != null) {
                events.add(event(attempt.beganAt(), name + " began" + on));
            }
            String ended = ending(name, attempt);
            if (ended != null && attempt.endedAt() != null) {
                boolean said = Objects.equals(attempt.error(), task.error()); // at the head of the page
                events.add(new Event(
                        attempt.endedAt(), ended, null, null, said ? null : attempt.error(), "", false, "0", "0"));
            }
        }
    }

    /** @return null where the end of the attempt is that of the task */
    private static @Nullable String ending(String name, AttemptInfo attempt) {
        return switch (attempt.ending()) {
            case FAILED -> name + " failed";
            case HANDED_OVER -> name + " was handed over: its worker stopped";
            case WORKER_LOST -> name + " ended with its worker, which died or lost its lease";
            case COMPLETED, CANCELLED -> null;
            case null -> null;
        };
    }

    private static Event event(TaskInfo task, TaskInfo.Call call, Instant end) {
        boolean open = task.status() != TaskStatus.RUNNING
                && (call.state() == CallState.IN_DOUBT
                        || call.state() == CallState.STARTED
                        || call.replaceable() != null);
        long whole = Math.max(1, Duration.between(task.createdAt(), end).toMillis());
        Instant until = call.finishedAt() != null ? call.finishedAt() : open ? call.startedAt() : end;
        double from = percent(task.createdAt(), call.startedAt(), whole);
        double width = Math.max(NARROWEST, percent(call.startedAt(), until, whole));
        return new Event(
                call.startedAt(),
                "",
                call,
                null,
                null,
                hint(task, call),
                open,
                number(Math.min(from, 100 - NARROWEST)),
                number(Math.min(width, 100 - Math.min(from, 100 - NARROWEST))));
    }

    private static String what(TaskInfo.Decision decision) {
        if (decision.rule() != null) {
            return "a call of %s was forbidden: %s (%s, digest of the arguments %s)"
                    .formatted(decision.tool(), decision.reason(), decision.rule(), decision.arguments());
        }
        String what =
                switch (decision.what()) {
                    case "resolve" ->
                        "call %d (%s) decided: %s".formatted(decision.call(), decision.tool(), decision.resolution());
                    case "redrive" -> "retried";
                    case "redo" ->
                        "redone from call %d, and %s forgotten".formatted(decision.call(), decision.forgotten());
                    case "cancel" -> "cancelled";
                    case "execute" -> "its plan executed";
                    default -> decision.what();
                };
        return what + " by " + decision.actor()
                + (decision.replaces() == null ? "" : ", in place of '%s'".formatted(decision.replaces()));
    }

    static Event event(Instant at, String what) {
        return new Event(at, what, null, null, null, "", false, "0", "0");
    }

    private static String hint(TaskInfo task, TaskInfo.Call call) {
        if (task.status() == TaskStatus.COMPLETED
                || task.status() == TaskStatus.CANCELLED
                || task.status() == TaskStatus.RUNNING && call.state() != CallState.SUCCEEDED) {
            return "";
        }
        return switch (RetryPreview.Then.of(call.state())) {
            case SKIPPED -> "Done: its result is replayed, and it is never made again.";
            case MADE_AGAIN -> "It had no effect, or may be repeated: the next attempt makes it again.";
            case IN_DOUBT -> "It is not known whether it took effect.";
            case FAILS_AGAIN -> "A person decided that it failed.";
            case WAITS -> waits(task, call);
            case FORGOTTEN -> "The task was redone, so the next attempt does not find it.";
        };
    }

    private static String waits(TaskInfo task, TaskInfo.Call call) {
        return task.approvals().stream()
                .filter(approval -> approval.call() == call.n() && approval.state() == Approval.State.OPEN)
                .findFirst()
                .map(approval -> "It is not made before approval %d is decided.".formatted(approval.id()))
                .orElse("Its result comes from outside: a signal, or a time.");
    }

    private static double percent(Instant from, Instant to, long whole) {
        return Math.clamp(Duration.between(from, to).toMillis() * 100.0 / whole, 0, 100);
    }

    private static String number(double percent) {
        return BigDecimal.valueOf(percent).setScale(2, RoundingMode.HALF_UP).toPlainString();
    }
}
