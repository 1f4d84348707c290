package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a chat completion, in the spellings of all servers. */
final class CompletionsReply {

    /** What servers expect back with a message: thoughts, under each server's name for them, and signatures. */
    private static final List<String> OF_MESSAGE = List.of(
            "reasoning_content",
            "reasoning",
            "reasoning_details",
            "thinking_blocks",
            "extra_content",
            "provider_specific_fields");

    /** An answer of a model has at least one of them, whatever else it lacks. */
    private static final List<String> OF_ANSWERS =
            List.of("choices", "usage", "output", "message", "response", "content", "completion", "candidates");

    private static final List<String> OF_CALL =
            List.of("extra_content", "provider_specific_fields", "thought_signature");

    private CompletionsReply() {}

    /** @throws ModelAnswerException when it holds no message */
    static Reply of(JsonNode answer) {
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            if (OF_ANSWERS.stream().noneMatch(answer::has)) {
                throw ModelAnswerException.ofNoModel("a document of another service", "");
            }
            throw new ModelAnswerException("the answer holds no choices[0].message", false);
        }
        return new Reply(
                text(message.path("content")),
                refusal(message),
                calls(message),
                choice.path("finish_reason").textValue(),
                ReportedUsage.of(answer),
                extras(message, OF_MESSAGE),
                answer.path("id").textValue(),
                answer.path("model").textValue());
    }

    /** A text, or the texts among parts of other kinds. */
    private static @Nullable String text(JsonNode content) {
        if (!content.isArray()) {
            return content.isObject() ? content.path("text").textValue() : content.textValue();
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode part : content) {
            String text = part.isTextual() ? part.asText() : part.path("text").textValue();
            if (text != null && !part.path("type").asText().equals("thinking")) {
                texts.add(text);
            }
        }
        return texts.isEmpty() ? null : String.join("", texts);
    }

    private static @Nullable String refusal(JsonNode message) {
        String refusal = message.path("refusal").textValue();
        return refusal != null && !refusal.isBlank()
                ? refusal
                : message.path("content")
                        .valueStream()
                        .filter(part -> part.path("type").asText().equals("refusal"))
                        .map(part -> part.path("refusal").asText())
                        .collect(Collectors.joining(" "));
    }

    private static List<Reply.Call> calls(JsonNode message) {
        List<Reply.Call> calls = new ArrayList<>();
        for (JsonNode call : message.path("tool_calls")) {
            calls.add(call(call.path("id").textValue(), call.path("function"), extras(call, OF_CALL)));
        }
        if (calls.isEmpty() && message.path("function_call").isObject()) { // as before 2024
            calls.add(call(null, message.path("function_call"), null));
        }
        return calls;
    }

    private static Reply.Call call(@Nullable String id, JsonNode function, @Nullable JsonNode extras) {
        JsonNode said = function.path("arguments");
        String arguments =
                said.isTextual() ? said.asText() : said.isNull() || said.isMissingNode() ? null : Json.write(said);
        return new Reply.Call(id, function.path("name").textValue(), arguments, extras);
    }

    private static @Nullable JsonNode extras(JsonNode from, List<String> names) {
        ObjectNode extras = JsonNodeFactory.instance.objectNode();
        for (String name : names) {
            JsonNode extra = from.path(name);
            boolean empty = extra.isTextual() ? extra.asText().isEmpty() : extra.isEmpty();
            if (!empty) {
                extras.set(name, extra);
            }
        }
        return extras.isEmpty() ? null : extras;
    }
}
