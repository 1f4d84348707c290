package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a chat completion's request. */
final class CompletionsRequest {

    private static final String CONTENT = "content";
    private static final String FUNCTION = "function";

    private final String name;
    private final ModelSettings settings;
    private final ObjectNode extras;
    private final boolean plainRoot;

    /** @param name the model's, below {@code drover.models} */
    CompletionsRequest(String name, ModelSettings settings) {
        this.name = name;
        this.settings = settings;
        this.extras = RequestRules.body(settings.body());
        this.plainRoot = Dialect.wantsPlainRoot(settings);
    }

    /** @param limit the name of the member that limits the answer */
    String of(Prompt prompt, String limit) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", settings.model());
        ArrayNode messages = body.putArray("messages");
        List<Prompt.Tool> tools = prompt.tools().stream()
                .map(tool -> plainRoot ? ToolSchemas.plainRoot(tool) : ToolSchemas.whole(tool))
                .toList();
        List<Prompt.Message> said = plainRoot ? LongDescriptions.told(prompt.messages(), tools) : prompt.messages();
        said.forEach(message -> messages.add(message(message)));
        if (!tools.isEmpty()) {
            body.set("tools", tools(plainRoot ? LongDescriptions.begun(tools) : tools));
        }
        if (prompt.temperature() != null) {
            body.put("temperature", prompt.temperature());
        }
        body.put(limit, settings.maxOutputTokens());
        body.setAll(extras);
        return Json.write(body);
    }

    private ObjectNode message(Prompt.Message message) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        return switch (message) {
            case Prompt.Message.System system -> node.put("role", "system").put(CONTENT, system.text());
            case Prompt.Message.User user -> node.put("role", "user").put(CONTENT, user.text());
            case Prompt.Message.Model model -> said(node, model);
            case Prompt.Message.Result result ->
                node.put("role", "tool").put("tool_call_id", result.call().id()).put(CONTENT, result.text());
        };
    }

    /** What a model expects back is for that model alone, and belongs to its calls. */
    private ObjectNode said(ObjectNode node, Prompt.Message.Model model) {
        node.put("role", "assistant").put(CONTENT, model.text());
        boolean own = settings.returnReasoning() && name.equals(model.by());
        if (!model.calls().isEmpty()) {
            ArrayNode calls = node.putArray("tool_calls");
            for (Prompt.Call call : model.calls()) {
                ObjectNode one = calls.addObject().put("id", call.id()).put("type", FUNCTION);
                one.putObject(FUNCTION).put("name", call.name()).put("arguments", call.arguments());
                add(one, own ? call.extras() : null);
            }
            add(node, own ? model.extras() : null);
        }
        return node;
    }

    private static void add(ObjectNode to, @Nullable JsonNode extras) {
        if (extras instanceof ObjectNode members) {
            to.setAll(members);
        }
    }

    private static ArrayNode tools(List<Prompt.Tool> offered) {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Prompt.Tool sent : offered) {
            tools.addObject()
                    .put("type", FUNCTION)
                    .putObject(FUNCTION)
                    .put("name", sent.name())
                    .put("description", sent.description())
                    .set("parameters", sent.parameters());
        }
        return tools;
    }
}
