package io.drover.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a tool takes for one operation, and where in the request it goes. */
final class ToolArguments {

    private static final Set<String> SCALARS = Set.of("string", "number", "integer", "boolean");
    private static final Set<String> CONTAINERS = Set.of("object", "array");

    /** In characters; a model reads it before each answer. */
    private static final int LONGEST_SCHEMA = 50_000;

    private final OpenApiOperation operation;
    private final ArgumentSchemas schemas;
    private final ObjectNode properties = JsonNodeFactory.instance.objectNode();
    private final ArrayNode required = JsonNodeFactory.instance.arrayNode();
    private final Map<String, String> ofPath = new HashMap<>();
    private final List<String> ofQuery = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Set<String> names = new HashSet<>(Set.of("idempotencykey"));
    private @Nullable Body body;

    /**
     * The body of a request.
     *
     * @param type     of the content
     * @param isWritten whether it is written as JSON even if it is a text, or nothing
     */
    record Body(String argument, String type, boolean isWritten) {}

    private ToolArguments(OpenApiOperation operation) {
        this.operation = operation;
        this.schemas = new ArgumentSchemas(operation.document());
    }

    static ToolArguments of(OpenApiOperation operation) throws LeftOutException {
        ToolArguments arguments = new ToolArguments(operation);
        for (JsonNode parameter : operation.parameters()) {
            switch (parameter.path("in").asText()) {
                case "path" -> arguments.inPath(parameter);
                case "query" -> arguments.inQuery(parameter);
                default -> arguments.elsewhere(parameter);
            }
        }
        arguments.inBody();
        return arguments;
    }

    private void inPath(JsonNode parameter) throws LeftOutException {
        String name = parameter.path("name").asText();
        JsonNode schema = schema(parameter);
        if (!parameter.path("style").asText("simple").equals("simple") || !schemas.isOf(schema, SCALARS)) {
            throw new LeftOutException("its path parameter '%s' is no plain text or number; write the tool by hand"
                    .formatted(Excerpt.of(name, 80)));
        }
        ofPath.put(name, argument(name, "path", parameter, schema, true));
    }

    private void inQuery(JsonNode parameter) throws LeftOutException {
        String name = parameter.path("name").asText();
        boolean isRequired = parameter.path("required").asBoolean();
        JsonNode schema = parameter.path("schema");
        boolean isList = schema.isObject() && schemas.isOf(schema, Set.of("array"));
        boolean isRepeated = parameter.path("style").asText("form").equals("form")
                && parameter.path("explode").asBoolean(true);
        if (!schema.isObject() || !(isList && isRepeated || schemas.isOf(schema, SCALARS))) {
            if (isRequired) {
                throw new LeftOutException(
                        "its query parameter '%s' is no text, number or repeated list; write the tool by hand"
                                .formatted(Excerpt.of(name, 80)));
            }
            notes.add("%s: the query parameter '%s' is no argument, because it is no text, number or repeated list"
                    .formatted(operation.title(), Excerpt.of(name, 80)));
            return;
        }
        String argument = argument(name, "query", parameter, schema, isRequired);
        String sent = encoded(name);
        ofQuery.add(sent.equals(argument) ? sent : "%s=%s".formatted(sent, argument));
    }

    private void elsewhere(JsonNode parameter) {
        if (parameter.path("required").asBoolean()) {
            notes.add("%s: the %s '%s' is no argument; add a step setHeader with a value of yours"
                    .formatted(
                            operation.title(),
                            Excerpt.of(parameter.path("in").asText(), 20),
                            Excerpt.of(parameter.path("name").asText(), 80)));
        }
    }

    private void inBody() throws LeftOutException {
        JsonNode request = operation.document().resolve(operation.node().path("requestBody"));
        boolean isRequired = request.path("required").asBoolean();
        String type = jsonType(request.path("content"));
        if (request.isEmpty() || !isRequired && (type == null || operation.isRead())) {
            return;
        }
        if (type == null || operation.isRead()) {
            throw new LeftOutException("its body is %s; write the tool by hand"
                    .formatted(type == null ? "not JSON" : "one of a request that has none in HTTP"));
        }
        JsonNode content = request.path("content").path(type);
        JsonNode schema =
                content.path("schema").isMissingNode() ? JsonNodeFactory.instance.objectNode() : content.path("schema");
        boolean mayBeLeftOut = !isRequired && schemas.isOf(schema, CONTAINERS);
        String argument = argument("body", "body", request, schema, !mayBeLeftOut);
        body = new Body(argument, type, !mayBeLeftOut);
    }

    private static @Nullable String jsonType(JsonNode content) {
        for (Map.Entry<String, JsonNode> one : content.properties()) {
            if (one.getKey().matches("application/(?:[a-z0-9.-]{1,60}\\+)?json")) {
                return one.getKey();
            }
        }
        return null;
    }

    private static JsonNode schema(JsonNode parameter) throws LeftOutException {
        if (!parameter.path("schema").isObject()) {
            throw new LeftOutException("its parameter '%s' has no schema; mend the document, or write the tool by hand"
                    .formatted(Excerpt.of(parameter.path("name").asText(), 80)));
        }
        return parameter.path("schema");
    }

    /** Declares an argument, and returns its name, which is a variable's. */
    private String argument(String name, String place, JsonNode declared, JsonNode schema, boolean isRequired)
            throws LeftOutException {
        String fit = Foreign.name(name, 50).replace('-', '_');
        String free = fit;
        for (int i = 1; !names.add(free.toLowerCase(java.util.Locale.ROOT)); i++) {
            free = i == 1 ? "%s_%s".formatted(fit, place) : "%s_%s_%d".formatted(fit, place, i);
        }
        JsonNode copy = schemas.copy(schema);
        if (copy instanceof ObjectNode object
                && !object.has("description")
                && declared.path("description").isTextual()) {
            object.put("description", Foreign.line(declared.path("description").textValue(), 1000));
        }
        properties.set(free, copy);
        if (isRequired) {
            required.add(free);
        }
        return free;
    }

    /** As a name of a query is sent; it also means nothing to Camel then. */
    private static String encoded(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            String one = Character.toString((char) (b & 0xff));
            encoded.append(one.matches("[A-Za-z0-9._~-]") ? one : "%%%02X".formatted(b & 0xff));
        }
        return encoded.toString();
    }

    /** The argument of a path parameter, or null where the document does not declare it. */
    @Nullable
    String ofPath(String name) {
        return ofPath.get(name);
    }

    /** What {@code ${query(...)}} takes, or an empty text. */
    String ofQuery() {
        return String.join(",", ofQuery);
    }

    @Nullable
    Body body() {
        return body;
    }

    List<String> notes() {
        return notes;
    }

    /**
     * The JSON Schema of all arguments, or null where there are none.
     *
     * @throws LeftOutException if it is too long, or no schema
     */
    @Nullable
    String schema() throws LeftOutException {
        if (properties.isEmpty()) {
            return null;
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        schema.set("properties", properties);
        schema.set("required", required);
        schema.put("additionalProperties", false);
        if (!schemas.definitions().isEmpty()) {
            schema.set("$defs", schemas.definitions());
        }
        String text = schema.toPrettyString() + "\n";
        if (text.length() > LONGEST_SCHEMA) {
            throw new LeftOutException(
                    "the schema of its arguments would have %d characters, and may have %d; write the tool with a shorter argSchema"
                            .formatted(text.length(), LONGEST_SCHEMA));
        }
        try {
            Schema.ofSchema(Json.write(schema));
        } catch (IllegalArgumentException e) {
            throw new LeftOutException("the schema of its arguments is refused: %s; mend the document"
                    .formatted(Excerpt.of(e.getMessage())));
        }
        return text;
    }
}
