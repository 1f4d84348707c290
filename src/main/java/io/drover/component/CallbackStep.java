package io.drover.component;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.guard.GuardedTool;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCalls;
import io.drover.guard.ToolRequest;
import io.drover.journal.CallRecord;
import io.drover.journal.Recovery;
import io.drover.json.Json;
import java.util.Set;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Calls the tool that a workflow named for its ends, or a tool for its approvals, with those facts that it declares. */
@Component
class CallbackStep implements Processor {

    /** What a task tells once. That it waits is told of the question that stands now. */
    private static final Set<String> ENDS = Set.of("COMPLETED", "DEAD", "CANCELLED");

    private final ToolCalls calls;
    private final Recovery recovery;

    CallbackStep(ToolCalls calls, Recovery recovery) {
        this.calls = calls;
        this.recovery = recovery;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        TaskContext context = TaskContext.of(exchange);
        JsonNode input = Json.tree(exchange.getMessage().getBody());
        String tool = input.path("told").path("tool").asText();
        if (context == null || tool.isEmpty()) {
            throw new IllegalArgumentException("tasks of the workflow on-end are submitted by Drover alone");
        }
        doubt(context.attempt().task().id(), input.path("told"));
        CallRecord made = context.attempt()
                .recordedOf(tool)
                .filter(call -> call.tool().equals(tool))
                .findAny()
                .orElse(null);
        JsonNode arguments = made == null ? arguments(context, tool, input) : Json.parse(made.arguments());
        exchange.getMessage()
                .setBody(calls.demand(context, new ToolRequest(tool, arguments), null)
                        .value());
    }

    /** Where a person sees it, and decides. Drover does not know under which host its console is found. */
    private static String page(JsonNode told) {
        if (told.has("rollout")) {
            return "/console/rollouts/" + told.path("rollout").asText();
        }
        return told.has("approval")
                ? "/console/approvals/" + told.path("approval").asText()
                : "/console/tasks/" + told.path("task").asText();
    }

    /** The task may have ended, and told so, before the database went back in time. */
    private void doubt(UUID callback, JsonNode told) {
        if (recovery.began() != null
                && ENDS.contains(told.path("status").asText())
                && recovery.doubts(UUID.fromString(told.path("task").asText()))) {
            recovery.doubt(callback);
        }
    }

    private static String namedBy(JsonNode told) {
        if (told.has("rollout")) {
            return "the rollout '%s' names in rollouts.yaml"
                    .formatted(told.path("rollout").asText());
        }
        return told.has("occasion")
                ? "tool:%s names for the %s of an approval"
                        .formatted(
                                told.path("forTool").asText(),
                                told.path("occasion").asText())
                : "the workflow '%s' names as its onEnd"
                        .formatted(told.path("workflow").asText());
    }

    private static JsonNode arguments(TaskContext context, String tool, JsonNode input) {
        GuardedTool declared = context.tools().get(tool);
        if (declared == null) {
            throw new IllegalStateException("there is no tool '%s', which %s; add the tool, then retry this task"
                    .formatted(tool, namedBy(input.path("told"))));
        }
        ObjectNode facts = (ObjectNode) input.path("told").deepCopy();
        facts.remove("tool");
        facts.put("page", page(facts));
        facts.set("output", input.path("output"));
        facts.set("error", input.path("error"));
        JsonNode wanted = declared.spec().arguments().schema().path("properties");
        ObjectNode arguments = facts.objectNode();
        facts.properties().stream()
                .filter(fact -> wanted.has(fact.getKey()) && !fact.getValue().isNull())
                .forEach(fact -> arguments.set(fact.getKey(), fact.getValue()));
        return arguments;
    }
}
