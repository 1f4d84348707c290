package io.drover.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.journal.Addresses;
import io.drover.journal.CallRecord;
import io.drover.journal.CallState;
import io.drover.json.Json;
import io.drover.json.Redaction;
import io.drover.who.Payloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task of a running Drover, as its API shows it.
 *
 * @param input  a JSON document
 * @param output a JSON document, or null
 * @param calls  in their order
 */
public record PastTask(
        UUID id,
        String workflow,
        @Nullable String key,
        @Nullable String submittedBy,
        Instant createdAt,
        String input,
        @Nullable String output,
        List<CallRecord> calls) {

    /** The task cannot be used. */
    public static final class UnreadableException extends Exception {

        UnreadableException(String message) {
            super(message);
        }
    }

    /**
     * Reads the answer of {@code GET /api/tasks/{id}}.
     *
     * @throws UnreadableException when the caller may not see its content, or its content is gone
     */
    public static PastTask read(JsonNode task) throws UnreadableException {
        UUID id = UUID.fromString(task.path("id").asText());
        if (task.path("input").asText().equals(Payloads.HIDDEN)) {
            throw new UnreadableException(
                    "task %s: its content is hidden from you; ask with a role that sees payloads, such as reader"
                            .formatted(id));
        }
        if (task.has("erasedAt") || task.has("removedAt")) {
            throw new UnreadableException("task %s: its content is no longer kept".formatted(id));
        }
        List<CallRecord> calls = new ArrayList<>();
        task.path("calls").forEach(call -> calls.add(call(id, call)));
        return new PastTask(
                id,
                task.path("workflow").asText(),
                task.path("key").textValue(),
                task.path("submittedBy").textValue(),
                Instant.parse(task.path("createdAt").asText()),
                Json.write(task.path("input")),
                document(task, "output"),
                addressed(id, calls));
    }

    /** The same with other calls, as they would be read. */
    static PastTask of(PastTask task, List<CallRecord> calls) {
        return new PastTask(
                task.id,
                task.workflow,
                task.key,
                task.submittedBy,
                task.createdAt,
                task.input,
                task.output,
                addressed(task.id, calls));
    }

    private static CallRecord call(UUID task, JsonNode call) {
        Instant began = Instant.parse(call.path("startedAt").asText());
        return new CallRecord(
                task,
                UUID.fromString(call.path("idempotencyKey").asText()),
                call.path("n").asInt(),
                call.path("tool").asText(),
                CallState.valueOf(call.path("state").asText()),
                call.path("tries").asInt(),
                1,
                0,
                call.path("fallback").textValue(),
                Json.canonical(call.path("arguments")),
                document(call, "result"),
                document(call, "error"),
                began,
                began,
                null,
                null);
    }

    private static @Nullable String document(JsonNode of, String member) {
        return of.has(member) ? Json.write(of.get(member)) : null;
    }

    /**
     * Where encryption was on, addresses were made with a key that is no one's to know. Then the calls of the task itself get those
     * that they would have without it, so that equal calls are found; those of its agents and tools are then no one's.
     */
    private static List<CallRecord> addressed(UUID task, List<CallRecord> calls) {
        Map<String, Integer> equal = new HashMap<>();
        List<CallRecord> plain = new ArrayList<>();
        boolean any = false;
        for (CallRecord call : calls) {
            int number = equal.merge(call.tool() + '\0' + call.arguments(), 1, Integer::sum);
            UUID address = Addresses.PLAIN.of(task.toString(), call.tool(), call.arguments(), Integer.toString(number));
            any |= address.equals(call.address());
            plain.add(call.at(address));
        }
        return any ? calls : plain;
    }

    /** Whether a part of it was left out before it was stored, so that it cannot be repeated truly. */
    boolean isRedacted() {
        return input.contains(Redaction.MARK)
                || calls.stream().anyMatch(call -> call.arguments().contains(Redaction.MARK));
    }
}
