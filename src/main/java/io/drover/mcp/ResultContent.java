package io.drover.mcp;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The result of a server's tool as a document: what is structured as it is, else texts as text, else the list of the
 * parts. Of an image, a sound or a binary resource only a marker is kept, which says its type and size: base64 is of no
 * use to a model, and fills the journal.
 */
final class ResultContent {

    /** Of a structured result: its content, where that is not the same in JSON. */
    static final String CONTENT = "_content";

    /** A structured result that cannot hold its content: no object, or one with a member of that name. */
    private static final String STRUCTURED = "_structured";

    /** In which servers wrap what is no object, for example those of Python's SDK. */
    private static final String WRAPPED = "result";

    private static final String TEXT = "text";
    private static final Set<String> BINARY = Set.of("data", "blob");
    private static final Set<String> NOT_SHOWN = Set.of("_meta", "annotations", "icons");

    private ResultContent() {}

    static @Nullable Object value(JsonNode result) {
        JsonNode content = result.path("content");
        JsonNode structured = result.path("structuredContent");
        if (structured.isMissingNode() || structured.isNull()) {
            return Json.value(unstructured(content));
        }
        if (content.isEmpty() || isRepetition(content, structured)) {
            return Json.value(structured);
        }
        ObjectNode both = structured instanceof ObjectNode object && !object.has(CONTENT)
                ? object.deepCopy()
                : JsonNodeFactory.instance.objectNode().set(STRUCTURED, structured);
        both.set(CONTENT, unstructured(content));
        return Json.value(both);
    }

    /** The texts of a result, one a line. */
    private static String text(JsonNode content) {
        List<String> texts = new ArrayList<>();
        for (JsonNode part : content) {
            if (isText(part)) {
                texts.add(part.path(TEXT).asText());
            }
        }
        return String.join("\n", texts);
    }

    /** Why a result is an error: its text, or what it says without one. */
    static String reason(JsonNode result) {
        String text = text(result.path("content"));
        Object said = text.isBlank() ? value(result) : text;
        if (said instanceof String words) {
            return words.isBlank() ? "the server gives no reason" : words;
        }
        return Json.write(said);
    }

    private static boolean isText(JsonNode part) {
        return part.path("type").asText().equals(TEXT);
    }

    private static JsonNode unstructured(JsonNode content) {
        ArrayNode parts = JsonNodeFactory.instance.arrayNode();
        boolean onlyTexts = true;
        for (JsonNode part : content) {
            onlyTexts &= isText(part);
            parts.add(marked(part));
        }
        return onlyTexts ? parts.textNode(text(content)) : parts;
    }

    /** A server whose result is structured should repeat it as text in JSON, for clients that do not know of structure. */
    private static boolean isRepetition(JsonNode content, JsonNode structured) {
        for (JsonNode part : content) {
            if (!isText(part)) {
                return false;
            }
        }
        try {
            JsonNode said = Json.parse(text(content));
            boolean wrapped = structured.size() == 1 && structured.has(WRAPPED);
            return said.isContainerNode()
                    && (isSame(said, structured) || wrapped && isSame(said, structured.get(WRAPPED)));
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static boolean isSame(JsonNode one, JsonNode other) {
        return Json.problem(other) == null && Json.canonical(one).equals(Json.canonical(other));
    }

    private static JsonNode marked(JsonNode part) {
        if (!(part instanceof ObjectNode object)) {
            return part;
        }
        ObjectNode marker = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(member -> {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (BINARY.contains(name) && value.isTextual()) {
                marker.put("size", decodedLength(value.textValue()));
            } else if (!NOT_SHOWN.contains(name)) {
                marker.set(name, name.equals("resource") ? marked(value) : value);
            }
        });
        return marker;
    }

    /** The number of bytes that base64 stands for. */
    private static long decodedLength(String base64) {
        long digits = base64.chars().filter(c -> c > ' ' && c != '=').count();
        return digits * 3 / 4;
    }
}
