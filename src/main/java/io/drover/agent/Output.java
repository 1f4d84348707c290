package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.model.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A final answer, read as its agent declares it.
 *
 * @param problem why it is none, or null
 */
record Output(@Nullable Object value, @Nullable String problem) {

    private static final int LONGEST_PROBLEM = 2_000;

    /** Judges an answer that wants no calls; what is recorded of it says how it was judged. */
    static Answer judge(AgentSpec spec, Answer answer) {
        return answer.calls().isEmpty()
                ? answer.judged(
                        form(spec), read(spec, String.valueOf(answer.text())).problem())
                : answer;
    }

    /** What an answer comes to: as it was accepted once, else as the agent declares it now. */
    static Output of(AgentSpec spec, Answer answer) {
        String text = String.valueOf(answer.text());
        if (answer.form() == null || answer.problem() != null) {
            return read(spec, text);
        }
        try {
            return new Output(answer.form() == Answer.Form.JSON ? Json.recorded(bare(text)) : text, null);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the recorded answer of agent:%s is not JSON".formatted(spec.name()), e);
        }
    }

    private static Answer.Form form(AgentSpec spec) {
        return spec.outputSchema() == null ? Answer.Form.TEXT : Answer.Form.JSON;
    }

    private static Output read(AgentSpec spec, String text) {
        if (spec.outputSchema() == null) {
            return new Output(text, null);
        }
        try {
            JsonNode document = Json.parse(bare(text));
            List<String> problems = spec.outputSchema().problems(document);
            return problems.isEmpty()
                    ? new Output(Json.value(document), null)
                    : new Output(null, Excerpt.of(String.join("; ", problems), LONGEST_PROBLEM));
        } catch (JsonProcessingException e) {
            return new Output(null, "it is not JSON: " + Json.reason(e));
        }
    }

    /** Many models put JSON into a Markdown code block. */
    private static String bare(String answer) {
        String text = answer.strip();
        int firstLine = text.indexOf('\n');
        return text.startsWith("```") && text.endsWith("```") && firstLine > 0
                ? text.substring(firstLine, text.length() - 3)
                : text;
    }
}
