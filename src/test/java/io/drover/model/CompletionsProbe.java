package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Json;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a completion in, records it and sends it back. */
public final class CompletionsProbe {

    static final ModelSettings SETTINGS = new ModelSettings(
            "http://localhost/v1",
            "some",
            null,
            "Authorization",
            Map.of(),
            null,
            ModelSettings.OPENAI,
            Duration.ofSeconds(1),
            0,
            "1000/1s",
            0,
            500,
            Dialect.OutputField.AUTO,
            true,
            1000,
            new ModelSettings.Price(BigDecimal.ONE, new BigDecimal("0.1"), BigDecimal.TEN),
            null);

    private CompletionsProbe() {}

    /** What is wrong with what became of it, or null. */
    public static @Nullable String problem(JsonNode completion) throws JsonProcessingException {
        Answer answer;
        try {
            ProviderException error = ProviderException.in(completion, Map.of(), "http://localhost");
            if (error != null) {
                return error.status() >= 400 ? null : "an error of status " + error.status();
            }
            Prompt prompt = new Prompt(List.of(), List.of(new Prompt.Tool("look", "", Json.parse("{}"))), null);
            Question question = new Question(prompt, 1000, new Allowance(null, null), given -> given);
            answer = Answer.of(CompletionsReply.of(completion), question, SETTINGS, "some");
        } catch (ModelAnswerException e) {
            return e.getMessage() == null ? "a refusal without words" : null;
        }
        Answer recorded = Answer.ofValue(Json.recorded(Json.write(answer.toValue())));
        if (!recorded.calls().equals(answer.calls()) || !recorded.usage().equals(answer.usage())) {
            return "recorded as " + recorded;
        }
        if (answer.usd().signum() < 0
                || answer.usage().in() > 1000
                || answer.usage().out() > 500) {
            return "counted as " + answer.usage();
        }
        for (Answer.WantedCall wanted : answer.calls()) {
            Prompt.Call call = Prompt.Call.of(wanted, 1);
            if (!call.name().matches("[a-zA-Z0-9_-]{1,64}")
                    || !Json.parse(call.arguments()).isObject()) {
                return "sent back as " + call;
            }
        }
        return null;
    }
}
