package io.drover.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.json.Schema;
import io.drover.model.Prompt;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a model sees of an agent, besides the conversation: with it an agent that has begun goes on.
 *
 * @param model       the name of the model, below {@code drover.models}
 * @param system      what it is told to be and do
 * @param temperature null for the model's own
 * @param output      what its answer must look like, or null for text
 * @param functions   what it may call, by the name that it calls it by
 */
record Definition(
        String model,
        @Nullable String system,
        @Nullable Double temperature,
        @Nullable Schema output,
        SortedMap<String, Function> functions) {

    Definition {
        functions = Collections.unmodifiableSortedMap(functions);
    }

    /** An agent as it is now, with these functions. */
    static Definition of(AgentSpec spec, SortedMap<String, Function> functions) {
        return new Definition(spec.model(), spec.system(), spec.temperature(), spec.outputSchema(), functions);
    }

    /**
     * A definition that was recorded as {@link #body}.
     *
     * @param agent its name, for errors
     * @param key   of the agent's long memory; null where it has none
     */
    static Definition read(String agent, String body, @Nullable String key) {
        JsonNode recorded = Recorded.tree(body, () -> "the recorded definition of agent:" + agent);
        SortedMap<String, Function> functions = new TreeMap<>();
        for (JsonNode tool : recorded.path("tools")) {
            String name = tool.path("name").asText();
            String memory = tool.path("memory").textValue();
            if (memory != null && key == null) {
                continue; // a model must not choose the key
            }
            functions.put(
                    name,
                    new Function(
                            memory == null ? name : memory,
                            tool.path("description").asText(),
                            tool.path("parameters"),
                            memory == null ? null : key));
        }
        return new Definition(
                recorded.path("model").asText(),
                recorded.path("system").textValue(),
                recorded.hasNonNull("temperature")
                        ? recorded.path("temperature").asDouble()
                        : null,
                recorded.hasNonNull("outputSchema") ? schema(agent, recorded.path("outputSchema")) : null,
                functions);
    }

    private static Schema schema(String agent, JsonNode recorded) {
        try {
            return Schema.ofSchema(Json.write(recorded));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the recorded output schema of agent:%s is refused by this release: %s"
                            .formatted(agent, e.getMessage()),
                    e);
        }
    }

    /** The document that it is recorded as, the same for equal definitions. */
    String body() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", model).put("system", system).put("temperature", temperature);
        if (output != null) {
            body.set("outputSchema", output.schema());
        }
        ArrayNode tools = body.putArray("tools");
        functions.forEach((name, function) -> {
            ObjectNode tool = tools.addObject().put("name", name).put("description", function.description());
            tool.set("parameters", function.parameters());
            if (function.key() != null) {
                tool.put("memory", function.tool());
            }
        });
        // Half of a character is sent as a question mark, so it is kept as one.
        return new String(Json.write(body).getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** What a body is known by. */
    static UUID digest(String body) {
        return Digest.uuid(body);
    }

    /** The same with other functions under these names. */
    Definition with(Map<String, Function> changed) {
        SortedMap<String, Function> all = new TreeMap<>(functions);
        all.putAll(changed);
        return new Definition(model, system, temperature, output, all);
    }

    /** The functions as models are told about them. */
    List<Prompt.Tool> specifications() {
        return functions.entrySet().stream()
                .map(function -> new Prompt.Tool(
                        function.getKey(),
                        function.getValue().description(),
                        function.getValue().parameters()))
                .toList();
    }

    /** All that models are told of the functions, in one spelling. */
    String fingerprint() {
        Map<String, Object> all = new LinkedHashMap<>();
        functions.forEach((name, function) -> all.put(name, List.of(function.description(), function.parameters())));
        return Json.canonical(Json.tree(all));
    }
}
