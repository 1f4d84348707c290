package io.drover.model;

import io.drover.json.Json;
import io.drover.trace.Content;
import io.drover.trace.GenAi;
import io.drover.trace.Traced;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes of the span of a question to a model; messages have the forms of the GenAI conventions. */
final class ChatTrace {

    private ChatTrace() {}

    static void asked(Traced span, Content content, ModelSettings settings, Question question) {
        if (!span.isSeen()) {
            return;
        }
        URI server = URI.create(settings.url());
        span.says(GenAi.PROVIDER, provider(settings.type()))
                .says(GenAi.MAX_TOKENS, (long) settings.maxOutputTokens())
                .says(GenAi.TEMPERATURE, question.prompt().temperature())
                .says(GenAi.SERVER_ADDRESS, server.getHost())
                .says(GenAi.SERVER_PORT, server.getPort() < 0 ? null : (long) server.getPort());
        if (content == Content.NONE) {
            return;
        }
        List<Object> messages = new ArrayList<>();
        for (Prompt.Message message : question.prompt().messages()) {
            switch (message) {
                case Prompt.Message.System system ->
                    span.says(GenAi.SYSTEM, content, Json.write(List.of(text(system.text()))));
                case Prompt.Message.User user -> messages.add(message("user", List.of(text(user.text()))));
                case Prompt.Message.Model model -> messages.add(message("assistant", parts(model)));
                case Prompt.Message.Result result -> messages.add(message("tool", List.of(response(result))));
            }
        }
        span.says(GenAi.INPUT_MESSAGES, content, Json.write(messages));
    }

    static void answered(Traced span, Content content, Reply reply, Answer answer) {
        if (!span.isSeen()) {
            return;
        }
        String reason = reply.reason();
        span.says(GenAi.RESPONSE_ID, reply.id())
                .says(GenAi.RESPONSE_MODEL, reply.model())
                .says(GenAi.FINISH_REASONS, reason == null ? null : List.of(reason.toLowerCase(Locale.ROOT)))
                .says(GenAi.INPUT_TOKENS, answer.usage().in())
                .says(GenAi.CACHED_TOKENS, answer.usage().cached())
                .says(GenAi.OUTPUT_TOKENS, answer.usage().out())
                .says(GenAi.COST_USD, answer.usd().doubleValue());
        if (content != Content.NONE) {
            span.says(GenAi.OUTPUT_MESSAGES, content, Json.write(List.of(message("assistant", parts(answer)))));
        }
    }

    /** {@code openai}, or that of LangChain4j's class: {@code anthropic} of AnthropicChatModel. */
    private static String provider(String type) {
        return type.substring(type.lastIndexOf('.') + 1)
                .replace("ChatModel", "")
                .toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> message(String role, List<?> parts) {
        return Map.of("role", role, "parts", parts);
    }

    private static List<Object> parts(Prompt.Message.Model model) {
        List<Object> parts = words(model.text());
        model.calls().forEach(call -> parts.add(call(call.id(), call.name(), call.arguments())));
        return parts;
    }

    private static List<Object> parts(Answer answer) {
        List<Object> parts = words(answer.text());
        answer.calls().forEach(call -> parts.add(call(call.id(), call.tool(), call.arguments())));
        return parts;
    }

    private static List<Object> words(@Nullable String text) {
        return text == null ? new ArrayList<>() : new ArrayList<>(List.of(text(text)));
    }

    private static Map<String, Object> call(String id, String name, String arguments) {
        return Map.of("type", "tool_call", "id", id, "name", name, "arguments", arguments);
    }

    private static Map<String, Object> response(Prompt.Message.Result result) {
        return Map.of("type", "tool_call_response", "id", result.call().id(), "response", result.text());
    }

    private static Map<String, Object> text(String text) {
        return Map.of("type", "text", "content", text);
    }
}
