package io.drover.mcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Schema;
import io.drover.tool.BuiltInTool;
import io.drover.tool.ToolOptions;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.camel.Processor;
import org.jspecify.annotations.Nullable;

/**
 * A tool as its server describes it.
 * The description is a claim: it holds unless {@code drover.tools.<name>} says otherwise.
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
        if (description.path("name").asText().isBlank()
                || !description.path("name").isTextual()) {
            throw new IllegalArgumentException("it has no name");
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

    /**
     * As it is here.
     *
     * @throws IllegalArgumentException when its arguments have no schema that can be used
     */
    BuiltInTool tool(String server, ServerSettings settings, Processor step) {
        Set<String> tags = new TreeSet<>(settings.tags());
        tags.add(server);
        return new BuiltInTool(
                name,
                description.path("description").asText(),
                tags,
                Schema.ofSchema(schema().toString()).ofTool(),
                options(settings),
                step);
    }

    private ToolOptions options(ServerSettings settings) {
        ToolOptions options = new ToolOptions();
        claim("readOnlyHint", options::setReadOnlyHint);
        claim("destructiveHint", options::setDestructiveHint);
        claim("idempotentHint", options::setIdempotentHint);
        claim("openWorldHint", options::setOpenWorldHint);
        options.setTimeout(settings.timeout());
        options.setRetries(settings.retries());
        options.setThrottle(settings.throttle());
        options.setConcurrency(settings.concurrency());
        options.setMaxResultBytes(settings.maxResultBytes());
        return options.asClaimed();
    }

    private void claim(String hint, Consumer<Boolean> set) {
        JsonNode claimed = description.path("annotations").path(hint);
        if (claimed.isBoolean()) {
            set.accept(claimed.booleanValue());
        }
    }

    /** The schema of its results, or null if it declares none that can be read. */
    @Nullable
    Schema result() {
        try {
            return description.path("outputSchema") instanceof ObjectNode schema
                    ? Schema.ofSchema(ours(schema).toString())
                    : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private JsonNode schema() {
        if (!(description.path("inputSchema") instanceof ObjectNode schema)) {
            throw new IllegalArgumentException("its inputSchema is not an object");
        }
        return ours(schema);
    }

    /** Read as draft 2020-12, whatever older dialect it names: the keywords of tools' schemas mean the same there. */
    private static ObjectNode ours(ObjectNode schema) {
        ObjectNode ours = schema.deepCopy();
        if (!ours.path("$schema").asText(DIALECT).equals(DIALECT)) {
            ours.remove("$schema");
        }
        return ours;
    }
}
