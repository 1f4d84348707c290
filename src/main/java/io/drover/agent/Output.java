package io.drover.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import io.drover.json.Recorded;
import io.drover.json.Schema;
import io.drover.model.Answer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A final answer, read as its agent declares it.
 *
 * @param said    the part of the answer that was read
 * @param problem why it is none, or null
 */
record Output(@Nullable Object value, String said, @Nullable String problem) {

    private static final int LONGEST_PROBLEM = 2_000;

    /**
     * Judges an answer that wants no calls; what is recorded of it says how it was judged.
     *
     * @param reminded whether the model has been asked before for a call that did not come; then the text is the answer
     */
    static Answer judge(@Nullable Schema schema, Answer answer, boolean reminded) {
        if (!answer.calls().isEmpty()) {
            return answer;
        }
        if (answer.lacksItsCall() && !reminded) {
            return answer.judged(form(schema), String.valueOf(answer.text()), answer.problem());
        }
        Output read = read(schema, String.valueOf(answer.text()));
        return answer.judged(form(schema), read.said, read.problem);
    }

    /** Whether an answer was accepted when it was recorded. */
    static boolean isAccepted(Answer answer) {
        return answer.form() != null && answer.problem() == null;
    }

    /** What an answer comes to: as it was accepted once, else as the schema declares it. */
    static Output of(String agent, @Nullable Schema schema, Answer answer) {
        String text = String.valueOf(answer.text());
        if (answer.form() == null && schema == null) {
            return new Output(text, text, null); // of an earlier release, whose later steps have seen it so
        }
        if (answer.lacksItsCall()) {
            return new Output(null, text, answer.problem());
        }
        if (!isAccepted(answer)) {
            return read(schema, text);
        }
        Object value = answer.form() == Answer.Form.JSON
                ? Recorded.value(bare(text), () -> "the recorded answer of agent:" + agent)
                : text;
        return new Output(value, text, null);
    }

    private static Answer.Form form(@Nullable Schema schema) {
        return schema == null ? Answer.Form.TEXT : Answer.Form.JSON;
    }

    private static Output read(@Nullable Schema schema, String text) {
        if (schema == null) {
            String words = Written.words(text);
            return words.isEmpty()
                    ? new Output(null, text, "it holds nothing but thoughts")
                    : new Output(words, words, null);
        }
        Written written = new Written(text);
        try {
            JsonNode document = written.document(schema);
            List<String> problems = schema.problems(document);
            return problems.isEmpty()
                    ? new Output(Json.value(document), Json.write(document), null)
                    : new Output(null, text, Excerpt.of(String.join("; ", problems), LONGEST_PROBLEM));
        } catch (JsonProcessingException e) {
            return new Output(null, text, "it is not JSON: " + Json.reason(e));
        } catch (Written.SeveralException e) {
            return new Output(null, text, e.getMessage());
        }
    }

    /** An earlier release recorded a document together with the Markdown code block around it. */
    private static String bare(String answer) {
        String text = answer.strip();
        int firstLine = text.indexOf('\n');
        return text.startsWith("```") && text.endsWith("```") && firstLine > 0
                ? text.substring(firstLine, text.length() - 3)
                : text;
    }
}
