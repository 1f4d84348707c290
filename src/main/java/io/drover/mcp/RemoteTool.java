package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A tool as its server describes it. What it says of itself are claims: they hold unless {@code drover.tools.<name>} says
 * otherwise.
 *
 * @param name        here
 * @param description of the server, as it came
 */
record RemoteTool(String name, JsonNode description) {

    private static final int LONGEST_NAME = 64;
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

    /** @throws IllegalArgumentException when no name here can stand for its own */
    static RemoteTool of(String server, JsonNode description) {
        String unfit = Json.problem(description);
        if (unfit != null) {
            throw new IllegalArgumentException("its description holds " + unfit);
        }
        String name = server + "_" + description.path("name").asText().replaceAll("[^A-Za-z0-9_-]", "_");
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "its name here would be longer than %d characters: %s".formatted(LONGEST_NAME, Excerpt.of(name)));
        }
        return new RemoteTool(name, description);
    }

    String remoteName() {
        return description.path("name").asText();
    }

    /** The options of its route. */
    Map<String, String> options(String server, ServerSettings settings) {
        Set<String> tags = new TreeSet<>(settings.tags());
        tags.add(server);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("description", description.path("description").asText());
        options.put("tags", String.join(",", tags));
        options.put("argSchema", schema().toString());
        JsonNode annotations = description.path("annotations");
        for (String hint : Set.of("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")) {
            if (annotations.path(hint).isBoolean()) {
                options.put(hint, annotations.path(hint).asText());
            }
        }
        options.put("timeout", settings.timeout().toMillis() + "ms");
        options.put("retries", Integer.toString(settings.retries()));
        options.put("throttle", settings.throttle());
        options.put("concurrency", Integer.toString(settings.concurrency()));
        options.put("maxResultBytes", Integer.toString(settings.maxResultBytes()));
        return options;
    }

    /** Read as draft 2020-12, whatever older dialect it names: the keywords of tools' schemas mean the same there. */
    private JsonNode schema() {
        if (!(description.path("inputSchema") instanceof ObjectNode schema)) {
            throw new IllegalArgumentException("its inputSchema is not an object");
        }
        ObjectNode ours = schema.deepCopy();
        if (!ours.path("$schema").asText(DIALECT).equals(DIALECT)) {
            ours.remove("$schema");
        }
        return ours;
    }
}
