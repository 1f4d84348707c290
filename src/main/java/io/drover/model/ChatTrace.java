package io.drover.model;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
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

/** What the span of a question to a model says of it; the forms of messages are those of the GenAI conventions. */
final class ChatTrace {

    private ChatTrace() {}

    static void asked(Traced span, Content content, ModelSettings settings, Question question) {
        if (!span.isSeen()) {
            return;
        }
        URI server = URI.create(settings.url());
        span.says(GenAi.PROVIDER, provider(settings.type()))
                .says(GenAi.MAX_TOKENS, (long) settings.maxOutputTokens())
                .says(GenAi.TEMPERATURE, question.request().temperature())
                .says(GenAi.SERVER_ADDRESS, server.getHost())
                .says(GenAi.SERVER_PORT, server.getPort() < 0 ? null : (long) server.getPort());
        if (content == Content.NONE) {
            return;
        }
        List<Object> messages = new ArrayList<>();
        for (ChatMessage message : question.request().messages()) {
            switch (message) {
                case SystemMessage system -> span.says(GenAi.SYSTEM, content, Json.write(List.of(text(system.text()))));
                case UserMessage user -> messages.add(message("user", List.of(text(user.singleText()))));
                case AiMessage ai -> messages.add(message("assistant", parts(ai)));
                case ToolExecutionResultMessage result -> messages.add(message("tool", List.of(response(result))));
                default -> messages.add(message(message.type().name().toLowerCase(Locale.ROOT), List.of()));
            }
        }
        span.says(GenAi.INPUT_MESSAGES, content, Json.write(messages));
    }

    static void answered(Traced span, Content content, ChatResponse response, Answer answer) {
        if (!span.isSeen()) {
            return;
        }
        String reason = response.finishReason() == null
                ? null
                : response.finishReason().name().toLowerCase(Locale.ROOT);
        span.says(GenAi.RESPONSE_ID, response.id())
                .says(GenAi.RESPONSE_MODEL, response.modelName())
                .says(GenAi.FINISH_REASONS, reason == null ? null : List.of(reason))
                .says(GenAi.INPUT_TOKENS, answer.usage().in())
                .says(GenAi.CACHED_TOKENS, answer.usage().cached())
                .says(GenAi.OUTPUT_TOKENS, answer.usage().out())
                .says(GenAi.COST_USD, answer.usd().doubleValue());
        if (content != Content.NONE) {
            span.says(
                    GenAi.OUTPUT_MESSAGES,
                    content,
                    Json.write(List.of(message("assistant", parts(response.aiMessage())))));
        }
    }

    /** Of LangChain4j's class: {@code openai} of OpenAiChatModel. */
    private static String provider(String type) {
        return type.substring(type.lastIndexOf('.') + 1)
                .replace("ChatModel", "")
                .toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> message(String role, List<?> parts) {
        return Map.of("role", role, "parts", parts);
    }

    private static List<Object> parts(AiMessage message) {
        List<Object> parts = new ArrayList<>();
        if (message.text() != null) {
            parts.add(text(message.text()));
        }
        message.toolExecutionRequests()
                .forEach(wanted -> parts.add(Map.of(
                        "type", "tool_call",
                        "id", known(wanted.id()),
                        "name", known(wanted.name()),
                        "arguments", known(wanted.arguments()))));
        return parts;
    }

    private static Map<String, Object> response(ToolExecutionResultMessage result) {
        return Map.of("type", "tool_call_response", "id", known(result.id()), "response", known(result.text()));
    }

    private static Map<String, Object> text(String text) {
        return Map.of("type", "text", "content", text);
    }

    private static String known(@Nullable String value) {
        return value == null ? "" : value;
    }
}
