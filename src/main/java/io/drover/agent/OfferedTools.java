package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import io.drover.guard.GuardedTool;
import io.drover.guard.TaskContext;
import io.drover.guard.ToolCalls;
import io.drover.tool.Json;
import io.drover.tool.ToolSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The tools that an agent is offered: those with one of its tags that the task's workflow may call, as they are in this attempt. */
final class OfferedTools {

    private final SortedMap<String, ToolSpec> tools = new TreeMap<>();

    OfferedTools(TaskContext context, ToolCalls calls, Set<String> tags) {
        for (GuardedTool tool : context.tools().all().values()) {
            ToolSpec spec = tool.spec();
            if (!Collections.disjoint(spec.tags(), tags) && calls.isAllowed(context, spec)) {
                tools.put(spec.name(), spec);
            }
        }
    }

    Set<String> names() {
        return tools.keySet();
    }

    /** As models are told of them. */
    List<ToolSpecification> specifications() {
        return tools.values().stream()
                .map(tool -> ToolSpecification.builder()
                        .name(tool.name())
                        .description(tool.description())
                        .parameters(parameters(tool.arguments().schema()))
                        .build())
                .toList();
    }

    /** All that models are told of them, in one spelling. */
    String fingerprint() {
        Map<String, Object> all = new LinkedHashMap<>();
        tools.values()
                .forEach(tool -> all.put(
                        tool.name(),
                        List.of(tool.description(), tool.arguments().schema())));
        return Json.canonical(Json.tree(all));
    }

    private static JsonObjectSchema parameters(JsonNode schema) {
        Map<String, JsonSchemaElement> properties = new LinkedHashMap<>();
        schema.path("properties")
                .properties()
                .forEach(property -> properties.put(
                        property.getKey(),
                        JsonRawSchema.from(property.getValue().toString())));
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        return JsonObjectSchema.builder()
                .addProperties(properties)
                .required(required)
                .additionalProperties(false)
                .build();
    }
}
