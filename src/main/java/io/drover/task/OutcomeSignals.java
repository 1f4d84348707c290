package io.drover.task;

import io.drover.journal.AttemptEnd;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Tells those who wait in this process that an attempt of a task has ended. */
@Component
public class OutcomeSignals {

    private final Map<UUID, CompletableFuture<AttemptEnd>> awaited = new ConcurrentHashMap<>();

    /** Completes when the task ends in this process; shared by all who wait for it. */
    public CompletableFuture<AttemptEnd> of(UUID task) {
        return awaited.computeIfAbsent(task, id -> new CompletableFuture<>());
    }

    /** To be called when no caller waits any more. */
    public void forget(UUID task) {
        awaited.remove(task);
    }

    void ended(UUID task, AttemptEnd end) {
        if (end instanceof AttemptEnd.Completed || end instanceof AttemptEnd.Dead) {
            CompletableFuture<AttemptEnd> waiting = awaited.remove(task);
            if (waiting != null) {
                waiting.complete(end);
            }
        }
    }
}
