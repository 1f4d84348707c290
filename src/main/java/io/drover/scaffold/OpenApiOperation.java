package io.drover.scaffold;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One operation of an OpenAPI document.
 *
 * @param item   the path's value, which has the parameters of all its operations
 * @param method in small letters
 */
record OpenApiOperation(OpenApiDocument document, String path, JsonNode item, String method, JsonNode node) {

    /** As messages name it. */
    String title() {
        return "%s %s".formatted(method.toUpperCase(Locale.ROOT), Excerpt.of(path, 100));
    }

    String id() {
        return node.path("operationId").asText();
    }

    /** What its tool may be called: the name in the document, else what it does. */
    String name(String prefix) {
        String own = id().isBlank() ? "%s_%s".formatted(method, path) : id();
        return Foreign.name(prefix.isEmpty() ? own : "%s_%s".formatted(prefix, own), 64);
    }

    String description() {
        String summary = node.path("summary").asText().strip();
        String text = node.path("description").asText().strip();
        String both =
                summary.isEmpty() || text.startsWith(summary) ? text : text.isEmpty() ? summary : joined(summary, text);
        return Foreign.line(both.isEmpty() ? title() : both, 1000);
    }

    private static String joined(String summary, String text) {
        return summary.endsWith(".") ? "%s %s".formatted(summary, text) : "%s. %s".formatted(summary, text);
    }

    boolean isRead() {
        return method.equals("get") || method.equals("head") || method.equals("options");
    }

    /** Of the path and of the operation, which may replace one of the path. */
    List<JsonNode> parameters() throws LeftOutException {
        Map<String, JsonNode> parameters = new LinkedHashMap<>();
        for (JsonNode list : List.of(item.path("parameters"), node.path("parameters"))) {
            for (JsonNode one : list) {
                JsonNode parameter = document.resolve(one);
                String name = "%s %s"
                        .formatted(
                                parameter.path("in").asText(),
                                parameter.path("name").asText());
                parameters.put(name, parameter);
            }
        }
        return new ArrayList<>(parameters.values());
    }
}
