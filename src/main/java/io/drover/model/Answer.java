package io.drover.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drover.json.Json;
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
 * @param by      the name of the model that answered, or null if that is not recorded
 * @param extras  what that model wants back with its answer, or null
 */
public record Answer(
        @Nullable String text,
        List<WantedCall> calls,
        Usage usage,
        BigDecimal usd,
        @Nullable Form form,
        @Nullable String problem,
        @Nullable String by,
        @Nullable JsonNode extras) {

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
     * @param extras    what the model wants back with the call, or null
     */
    public record WantedCall(String id, String tool, String arguments, @Nullable JsonNode extras) {

        private Map<String, Object> toValue() {
            Map<String, Object> value = new LinkedHashMap<>();
            value.put("id", id);
            value.put("tool", tool);
            value.put("arguments", arguments);
            if (extras != null) {
                value.put(EXTRAS, extras);
            }
            return value;
        }
    }

    /** The problem of an answer that said that it calls a tool, while no call of it came. */
    public static final String CALL_MISSING = "it ended with a call of a tool, but no call came";

    private static final String EXTRAS = "extras";

    /**
     * @param model the name of the model that has answered, below {@code drover.models}
     * @throws ModelAnswerException when the reply is no answer
     */
    static Answer of(Reply reply, Question question, ModelSettings settings, String model) {
        Finish.check(reply, settings, question.prompt().tools());
        Usage usage = reply.usage().within(question.reserved(settings));
        List<WantedCall> calls = WantedCalls.of(reply, question.prompt());
        boolean callMissing = reply.finish() == Finish.CALLS
                && calls.isEmpty()
                && !question.prompt().tools().isEmpty();
        return new Answer(
                reply.text(),
                calls,
                usage,
                settings.price().of(usage),
                null,
                callMissing ? CALL_MISSING : null,
                model,
                reply.extras());
    }

    /**
     * The same answer after it was judged, as the journal holds it, so that it is judged only once.
     *
     * @param read its text, or the part of it that counts
     */
    public Answer judged(Form as, String read, @Nullable String why) {
        return new Answer(read, calls, usage, usd, as, why, by, extras);
    }

    /** Whether it may be the beginning of an answer, whose calls the server lost. */
    public boolean lacksItsCall() {
        return CALL_MISSING.equals(problem);
    }

    /** As maps, lists, strings and numbers. */
    Map<String, Object> toValue() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", text);
        value.put("calls", calls.stream().map(WantedCall::toValue).toList());
        value.put("usage", usage);
        value.put("usd", usd);
        if (form != null) {
            value.put("form", form);
            value.put("problem", problem);
        }
        if (extras != null) {
            value.put(EXTRAS, extras);
        }
        if (extras != null || calls.stream().anyMatch(call -> call.extras() != null)) {
            value.put("by", by); // they are for that model alone
        }
        return value;
    }

    /** Reads what the journal holds. */
    public static Answer ofValue(@Nullable Object value) {
        if (!(Json.tree(value) instanceof ObjectNode node)) {
            throw new IllegalStateException("the recorded answer of a model is not an object");
        }
        List<WantedCall> calls = new ArrayList<>();
        node.path("calls")
                .forEach(call -> calls.add(new WantedCall(
                        call.path("id").asText(),
                        call.path("tool").asText(),
                        call.path("arguments").asText(),
                        call.get(EXTRAS))));
        JsonNode usage = node.path("usage");
        return new Answer(
                node.path("text").textValue(),
                calls,
                new Usage(count(usage, "in"), count(usage, "cached"), count(usage, "out")),
                node.path("usd").decimalValue().max(BigDecimal.ZERO),
                node.hasNonNull("form") ? Form.valueOf(node.path("form").asText()) : null,
                node.path("problem").textValue(),
                node.path("by").textValue(),
                node.get(EXTRAS));
    }

    /** An earlier release recorded what a server claimed. */
    private static long count(JsonNode usage, String name) {
        return Math.max(0, usage.path(name).asLong());
    }
}
