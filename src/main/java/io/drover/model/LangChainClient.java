package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A provider with an interface of its own, by its LangChain4j class. */
final class LangChainClient implements ChatClient {

    private static final String THINKING = "thinking";
    private static final String ATTRIBUTES = "attributes";

    private final String name;
    private final ModelSettings settings;
    private final ChatModel model;

    LangChainClient(String name, ModelSettings settings, ChatModel model) {
        this.name = name;
        this.settings = settings;
        this.model = model;
    }

    @Override
    public Reply ask(Prompt prompt) {
        ChatRequest.Builder request = ChatRequest.builder()
                .messages(prompt.messages().stream().map(this::message).toList())
                .maxOutputTokens(settings.maxOutputTokens());
        if (!prompt.tools().isEmpty()) {
            request.toolSpecifications(
                    prompt.tools().stream().map(LangChainClient::tool).toList());
        }
        if (prompt.temperature() != null) {
            request.temperature(prompt.temperature());
        }
        return reply(model.chat(request.build()));
    }

    private static Reply reply(ChatResponse response) {
        AiMessage message = response.aiMessage();
        List<Reply.Call> calls = new ArrayList<>();
        for (ToolExecutionRequest call : message.toolExecutionRequests()) {
            calls.add(new Reply.Call(call.id(), call.name(), call.arguments(), null));
        }
        String reason =
                response.finishReason() == null ? null : response.finishReason().name();
        return new Reply(
                message.text(),
                null,
                calls,
                reason,
                usage(response.tokenUsage()),
                extras(message),
                response.id(),
                response.modelName());
    }

    private static ReportedUsage usage(@Nullable TokenUsage said) {
        if (said == null) {
            return ReportedUsage.NONE;
        }
        return new ReportedUsage(known(said.inputTokenCount()), null, known(said.outputTokenCount()), null);
    }

    private static @Nullable Long known(@Nullable Integer count) {
        return count == null ? null : Math.max(0L, count);
    }

    private static @Nullable JsonNode extras(AiMessage message) {
        ObjectNode extras = JsonNodeFactory.instance.objectNode();
        if (message.thinking() != null) {
            extras.put(THINKING, message.thinking());
        }
        if (!message.attributes().isEmpty()) {
            extras.set(ATTRIBUTES, Json.tree(message.attributes()));
        }
        return extras.isEmpty() ? null : extras;
    }

    private ChatMessage message(Prompt.Message message) {
        return switch (message) {
            case Prompt.Message.System system -> SystemMessage.from(system.text());
            case Prompt.Message.User user -> UserMessage.from(user.text());
            case Prompt.Message.Model said -> said(said);
            case Prompt.Message.Result result ->
                ToolExecutionResultMessage.from(
                        result.call().id(), result.call().name(), result.text());
        };
    }

    private AiMessage said(Prompt.Message.Model said) {
        AiMessage.Builder message = AiMessage.builder()
                .toolExecutionRequests(said.calls().stream()
                        .map(call -> ToolExecutionRequest.builder()
                                .id(call.id())
                                .name(call.name())
                                .arguments(call.arguments())
                                .build())
                        .toList());
        if (said.text() != null && !said.text().isBlank()) {
            message.text(said.text());
        }
        JsonNode extras = said.extras();
        if (extras != null && settings.returnReasoning() && name.equals(said.by())) {
            message.thinking(extras.path(THINKING).textValue());
            if (Json.value(extras.path(ATTRIBUTES)) instanceof Map<?, ?> attributes) {
                Map<String, Object> all = new LinkedHashMap<>();
                attributes.forEach((key, value) -> all.put(String.valueOf(key), value));
                message.attributes(all);
            }
        }
        return message.build();
    }

    /** LangChain4j knows an object with properties; the rest of a root goes into the description. */
    private static ToolSpecification tool(Prompt.Tool tool) {
        Prompt.Tool plain = ToolSchemas.plainRoot(ToolSchemas.withoutReferences(tool));
        JsonNode root = plain.parameters();
        JsonObjectSchema.Builder schema = JsonObjectSchema.builder().addProperties(elements(root.path("properties")));
        List<String> required = new ArrayList<>();
        root.path("required").forEach(property -> required.add(property.asText()));
        schema.required(required);
        if (root.path("additionalProperties").isBoolean()) {
            schema.additionalProperties(root.path("additionalProperties").asBoolean());
        }
        String others = root.path("additionalProperties").isObject()
                ? "\nOther arguments must fit this JSON Schema: " + root.path("additionalProperties")
                : "";
        return ToolSpecification.builder()
                .name(plain.name())
                .description(plain.description() + others)
                .parameters(schema.build())
                .build();
    }

    private static Map<String, JsonSchemaElement> elements(JsonNode schemas) {
        Map<String, JsonSchemaElement> elements = new LinkedHashMap<>();
        schemas.properties()
                .forEach(schema -> elements.put(
                        schema.getKey(), JsonRawSchema.from(schema.getValue().toString())));
        return elements;
    }
}
