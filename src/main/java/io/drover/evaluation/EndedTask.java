package io.drover.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.cel.CelValues;
import io.drover.guard.ModelCost;
import io.drover.guard.TaskFlags;
import io.drover.journal.CallRecord;
import io.drover.journal.TaskView;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.tool.ToolSpec;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A task that has completed, as checks and evaluators see it.
 *
 * @param input    a JSON document
 * @param output   the same, or null
 * @param lasted   from its submission to its end
 * @param attempts that were begun
 * @param calls    all that its journal holds, in their order
 */
public record EndedTask(
        UUID id,
        String workflow,
        int version,
        @Nullable String key,
        String input,
        @Nullable String output,
        Duration lasted,
        int attempts,
        List<CallRecord> calls) {

    static EndedTask of(TaskView task, List<CallRecord> calls) {
        return new EndedTask(
                task.id(),
                task.workflow(),
                task.submitter().version(),
                task.key(),
                task.input(),
                task.output(),
                task.finishedAt() == null ? Duration.ZERO : Duration.between(task.createdAt(), task.finishedAt()),
                task.attempt(),
                calls);
    }

    /** By the names that checks use. */
    public Map<String, Object> values() {
        return Map.of(
                "input",
                CelValues.of(json(input)),
                "output",
                CelValues.of(json(output)),
                "calls",
                CelValues.of(deeds()),
                "seconds",
                seconds(),
                "usd",
                usd().doubleValue(),
                "attempts",
                (long) attempts);
    }

    /** The input of an evaluator's task. */
    public String document() {
        ObjectNode document = Json.mapper().createObjectNode();
        document.putObject("task")
                .put("id", id.toString())
                .put("workflow", workflow)
                .put("version", version)
                .put("key", key);
        document.set("input", json(input));
        document.set("output", json(output));
        document.set("calls", deeds());
        document.put("seconds", seconds());
        document.put("usd", usd());
        return document.toString();
    }

    /** What it did: no flag is a call, and what a model was asked is no deed. */
    private ArrayNode deeds() {
        ArrayNode all = Json.mapper().createArrayNode();
        for (CallRecord call : calls) {
            if (call.tool().startsWith(ToolSpec.MODEL) || call.tool().startsWith(TaskFlags.PREFIX)) {
                continue;
            }
            ObjectNode one = all.addObject()
                    .put("n", call.n())
                    .put("tool", call.tool())
                    .put("state", call.state().name());
            one.set("arguments", json(call.arguments()));
            one.set("result", json(call.result()));
        }
        return all;
    }

    private BigDecimal usd() {
        return Objects.requireNonNullElse(ModelCost.usd(calls.stream()), BigDecimal.ZERO);
    }

    private double seconds() {
        return lasted.toMillis() / 1e3;
    }

    private JsonNode json(@Nullable String document) {
        return Recorded.tree(document == null ? "null" : document, () -> "the journal of task " + id);
    }
}
