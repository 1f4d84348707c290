package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Puts a completion together that comes as events although no stream was asked for. */
final class CompletionEvents {

    private static final Pattern FIELD = Pattern.compile("\\s*+(?:data|event|id|retry)?:");
    private static final String DATA = "data:";
    private static final String END = "[DONE]";
    private static final String CALLS = "tool_calls";
    private static final String NAME = "/function/name";
    private static final String REASON = "finish_reason";

    private CompletionEvents() {}

    static boolean are(String answer) {
        return FIELD.matcher(answer).lookingAt();
    }

    /**
     * The completion that would have come in one piece; an error among the events is the whole answer.
     *
     * @throws ModelAnswerException when the events end before the completion does: half of it is no answer
     */
    static JsonNode whole(String events) throws JsonProcessingException {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        ObjectNode message = JsonNodeFactory.instance.objectNode();
        ObjectNode choice = JsonNodeFactory.instance.objectNode();
        Calls calls = new Calls();
        boolean ended = false;
        for (String line : (Iterable<String>) events.lines()::iterator) {
            String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
            if (data.isEmpty() || data.equals(END)) {
                ended |= data.equals(END);
                continue;
            }
            JsonNode event = Json.parse(data);
            if (ProviderException.isError(event)) {
                return event;
            }
            for (String name : new String[] {"id", "model", "usage", "x_groq"}) {
                if (event.hasNonNull(name)) {
                    whole.set(name, event.get(name));
                }
            }
            JsonNode piece = event.path("choices").path(0);
            if (piece.hasNonNull(REASON)) {
                choice.set(REASON, piece.get(REASON));
            }
            boolean isWhole = !piece.has("delta") && message.isEmpty() && calls.all.isEmpty();
            JsonNode said = piece.path(isWhole ? "message" : "delta");
            merge(message, said);
            said.path(CALLS).forEach(calls::add);
        }
        if (!ended && !choice.has(REASON)) {
            throw new ModelAnswerException("the server ended its events before the answer was complete", false);
        }
        if (!calls.all.isEmpty()) {
            message.putArray(CALLS).addAll(calls.all);
        }
        if (!choice.isEmpty() || !message.isEmpty()) {
            choice.set("message", message);
            whole.putArray("choices").add(choice);
        }
        return whole;
    }

    /** The calls whose pieces have come. Not every server counts them by {@code index}, but each call has its id. */
    private static final class Calls {

        private final List<ObjectNode> all = new ArrayList<>();
        private final Map<Integer, ObjectNode> current = new HashMap<>();

        void add(JsonNode piece) {
            int index = piece.path("index").asInt(0);
            ObjectNode known = current.get(index);
            String id = piece.path("id").asText("");
            if (known == null || isAnother(piece, id, known)) {
                known = JsonNodeFactory.instance.objectNode();
                all.add(known);
                current.put(index, known);
            }
            merge(known, piece);
        }

        private static boolean isAnother(JsonNode piece, String id, ObjectNode known) {
            if (!id.isEmpty()) {
                return known.hasNonNull("id") && !known.path("id").asText().equals(id);
            }
            boolean named = !piece.at(NAME).asText("").isEmpty();
            return named && !piece.has("index") && !known.at(NAME).asText("").isEmpty();
        }
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
