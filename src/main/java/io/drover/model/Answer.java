package io.drover.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a model answered, as the journal keeps it.
 *
 * @param text    its words, or null
 * @param calls   the tools that it asks to call
 * @param usd     what it cost, in dollars
 * @param form    how the text was read, if it was the answer to the whole question; null if it was not judged
 * @param problem why it was not accepted, or null
 */
public record Answer(
        @Nullable String text,
        List<WantedCall> calls,
        Usage usage,
        BigDecimal usd,
        @Nullable Form form,
        @Nullable String problem) {

    /** The form of a final answer. */
    public enum Form {
        TEXT,
        JSON
    }

    /**
     * A call of a tool that the model asks for.
     *
     * @param id        the model's own name of the call
     * @param arguments a JSON document, if the model kept to the form
     */
    public record WantedCall(String id, String tool, String arguments) {}

    static Answer of(ChatResponse response, Question question, ModelSettings settings) {
        AiMessage message = response.aiMessage();
        List<WantedCall> calls = new ArrayList<>();
        for (ToolExecutionRequest wanted : message.toolExecutionRequests()) {
            String arguments = wanted.arguments();
            calls.add(new WantedCall(
                    wanted.id() == null ? "call-" + calls.size() : wanted.id(),
                    String.valueOf(wanted.name()),
                    arguments == null || arguments.isBlank() ? "{}" : arguments));
        }
        if (calls.isEmpty() && (message.text() == null || message.text().isBlank())) {
            throw noAnswer(response.finishReason(), settings);
        }
        Usage usage = usage(response.tokenUsage(), question, settings);
        return new Answer(message.text(), calls, usage, settings.price().of(usage), null, null);
    }

    /** The same answer after judgement, as the journal holds it, so that it is judged only once. */
    public Answer judged(Form as, @Nullable String why) {
        return new Answer(text, calls, usage, usd, as, why);
    }

    private static ModelAnswerException noAnswer(@Nullable FinishReason why, ModelSettings settings) {
        String nothing = "the model answered with neither text nor calls";
        if (why == FinishReason.LENGTH) {
            return new ModelAnswerException(
                    "%s within max-output-tokens (%d); raise the limit".formatted(nothing, settings.maxOutputTokens()),
                    true);
        }
        return new ModelAnswerException("%s (%s)".formatted(nothing, why), why == FinishReason.CONTENT_FILTER);
    }

    /** If a model does not report its usage, the worst case is assumed. */
    private static Usage usage(@Nullable TokenUsage said, Question question, ModelSettings settings) {
        if (said == null || said.inputTokenCount() == null || said.outputTokenCount() == null) {
            return new Usage(question.promptTokens(), 0, settings.maxOutputTokens());
        }
        Integer cached = said instanceof OpenAiTokenUsage openAi && openAi.inputTokensDetails() != null
                ? openAi.inputTokensDetails().cachedTokens()
                : null;
        return new Usage(said.inputTokenCount(), cached == null ? 0 : cached, said.outputTokenCount());
    }

    /** As maps, lists, strings and numbers. */
    Map<String, Object> toValue() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", text);
        value.put("calls", calls);
        value.put("usage", usage);
        value.put("usd", usd);
        if (form != null) {
            value.put("form", form);
            value.put("problem", problem);
        }
        return value;
    }

    /** Reads what the journal holds. */
    public static Answer ofValue(@Nullable Object value) {
        if (!(io.drover.json.Json.tree(value) instanceof com.fasterxml.jackson.databind.node.ObjectNode node)) {
            throw new IllegalStateException("the recorded answer of a model is not an object");
        }
        List<WantedCall> calls = new ArrayList<>();
        node.path("calls")
                .forEach(call -> calls.add(new WantedCall(
                        call.path("id").asText(),
                        call.path("tool").asText(),
                        call.path("arguments").asText())));
        return new Answer(
                node.path("text").textValue(),
                calls,
                new Usage(
                        node.path("usage").path("in").asLong(),
                        node.path("usage").path("cached").asLong(),
                        node.path("usage").path("out").asLong()),
                node.path("usd").decimalValue(),
                node.hasNonNull("form") ? Form.valueOf(node.path("form").asText()) : null,
                node.path("problem").textValue());
    }
}
