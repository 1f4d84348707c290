package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.json.Json;
import java.util.Map;
import java.util.TreeMap;

/** Puts a completion together that comes as events although no stream was asked for. */
final class CompletionEvents {

    private static final String DATA = "data:";
    private static final String CALLS = "tool_calls";

    private CompletionEvents() {}

    static boolean are(String answer) {
        String start = answer.stripLeading();
        return start.startsWith(DATA) || start.startsWith("event:") || start.startsWith(":");
    }

    /** The completion that would have come in one piece; an error among the events is the whole answer. */
    static JsonNode whole(String events) throws JsonProcessingException {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        Map<Integer, ObjectNode> calls = new TreeMap<>();
        for (String line : (Iterable<String>) events.lines()::iterator) {
            String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
            if (data.isEmpty() || data.equals("[DONE]")) {
                continue;
            }
            JsonNode event = Json.parse(data);
            if (event.path("error").isTextual() || event.path("error").isObject()) {
                return event;
            }
            for (String name : new String[] {"id", "model", "usage", "x_groq"}) {
                if (event.hasNonNull(name)) {
                    whole.set(name, event.get(name));
                }
            }
            JsonNode piece = event.path("choices").path(0);
            if (piece.hasNonNull("finish_reason")) {
                choice.set("finish_reason", piece.get("finish_reason"));
            }
            merge(message, piece.path("delta"));
            piece.path("delta").path(CALLS).forEach(call -> {
                int index = call.path("index").asInt(calls.size());
                merge(calls.computeIfAbsent(index, number -> JsonNodeFactory.instance.objectNode()), call);
            });
        }
        if (!calls.isEmpty()) {
            ArrayNode all = message.putArray(CALLS);
            calls.values().forEach(all::add);
        }
        if (!choice.isEmpty() || !message.isEmpty()) {
            choice.set("message", message);
            whole.putArray("choices").add(choice);
        }
        return whole;
    }

    /** Texts are appended, objects are merged, other values replace the earlier ones. */
    private static void merge(ObjectNode into, JsonNode piece) {
        piece.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            JsonNode before = into.path(name);
            if (name.equals(CALLS) || value.isNull()) {
                return;
            }
            if (value instanceof ObjectNode object) {
                merge(before instanceof ObjectNode known ? known : into.putObject(name), object);
            } else if (before.isTextual() && value.isTextual() && !isName(name)) {
                into.set(name, TextNode.valueOf(before.asText() + value.asText()));
            } else {
                into.set(name, value);
            }
        });
    }

    /** What comes once, or the same again. */
    private static boolean isName(String member) {
        return member.equals("id") || member.equals("type") || member.equals("role") || member.equals("name");
    }
}
