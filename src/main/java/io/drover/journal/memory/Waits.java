package io.drover.journal.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.journal.PendingCall;
import io.drover.journal.Signal;
import io.drover.journal.WaitReason;
import io.drover.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls that wait for signals and times, and the signals that were sent. Its store's lock guards it. */
final class Waits {

    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private record Sent(long id, Signal signal, Instant at) {}

    private record Open(UUID task, UUID address, WaitReason reason, PendingCall call, Instant since, Instant dueAt) {}

    private record Heard(UUID task, long signal) {}

    private final List<Sent> sent = new ArrayList<>();
    private final List<Open> open = new ArrayList<>();
    private final Set<Heard> heard = new HashSet<>();

    Signal.Outcome send(Signal signal, Instant now) {
        for (Sent before : sent) {
            if (before.signal.source().equals(signal.source())) {
                boolean same = before.signal.name().equals(signal.name())
                        && before.signal.key().equals(signal.key())
                        && Documents.same(before.signal.body(), signal.body());
                return same ? new Signal.Outcome.Known(before.id) : new Signal.Outcome.Conflict(before.id);
            }
        }
        sent.add(new Sent(sent.size() + 1L, signal, now));
        return new Signal.Outcome.Accepted(sent.size());
    }

    void forget(Instant before) {
        sent.removeIf(signal -> signal.at.isBefore(before));
    }

    /** @param rootCreated when the first task of its family was created: from then on it hears signals */
    void begin(StoredTask task, PendingCall call, Instant rootCreated, Instant now) {
        Instant due = call.until() != null
                ? call.until()
                : call.timeout() == null ? StoredTask.NEVER : now.plus(call.timeout());
        open.add(new Open(
                task.id(), call.call().address(), call.reason(), call, rootCreated.minus(call.lookBack()), due));
    }

    /** When the first time ends that the task waits for. */
    Instant earliest(UUID task) {
        return open.stream()
                .filter(wait -> wait.task.equals(task))
                .map(Open::dueAt)
                .min(Comparator.naturalOrder())
                .orElse(StoredTask.NEVER);
    }

    /** The tasks that wait for a signal like this. */
    List<UUID> waiting(Signal signal) {
        return open.stream()
                .filter(wait ->
                        signal.name().equals(wait.call.name()) && signal.key().equals(wait.call.key()))
                .map(Open::task)
                .distinct()
                .toList();
    }

    /** Gives the calls of a task their results, as far as they have come. @return whether there were any */
    boolean settle(StoredTask task, Instant now) {
        boolean any = false;
        List<Open> mine = open.stream()
                .filter(wait -> wait.task.equals(task.id()))
                .sorted(Comparator.comparing(wait -> call(task, wait).n()))
                .toList();
        for (Open wait : mine) {
            String result = result(wait, now);
            if (result != null) {
                task.calls.put(
                        wait.address,
                        CallWrites.ended(
                                call(task, wait),
                                CallState.SUCCEEDED,
                                call(task, wait).token(),
                                result,
                                null,
                                now));
                open.remove(wait);
                any = true;
            }
        }
        return any;
    }

    private static CallRecord call(StoredTask task, Open wait) {
        return Objects.requireNonNull(task.calls.get(wait.address), "a wait without its call");
    }

    private @Nullable String result(Open wait, Instant now) {
        for (Sent one : wait.reason == WaitReason.SIGNAL ? sent : List.<Sent>of()) {
            boolean mine = one.signal.name().equals(wait.call.name())
                    && one.signal.key().equals(wait.call.key())
                    && !one.at.isBefore(wait.since)
                    && !one.at.isAfter(wait.dueAt);
            if (mine && heard.add(new Heard(wait.task, one.id))) {
                ObjectNode result = Documents.object();
                result.put("outcome", "received").put("signal", one.id).put("at", AT.format(one.at));
                result.set("body", Documents.tree(one.signal.body()));
                return Json.write(result);
            }
        }
        if (wait.dueAt.isAfter(now)) {
            return null;
        }
        return Json.write(Documents.object().put("outcome", wait.reason == WaitReason.TIME ? "due" : "timeout"));
    }

    /** The task has ended. */
    void close(UUID task) {
        open.removeIf(wait -> wait.task.equals(task));
    }
}
