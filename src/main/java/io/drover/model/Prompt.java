package io.drover.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.json.Excerpt;
import io.drover.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in the form that is sent to a model.
 * Every server accepts it, whatever a model has said before.
 *
 * @param tools       what the model may call
 * @param temperature null for the model's own
 */
public record Prompt(List<Message> messages, List<Tool> tools, @Nullable Double temperature) {

    /** One message. */
    public sealed interface Message {

        /** What the model is told to be and do. */
        record System(String text) implements Message {}

        /** What it is asked. */
        record User(String text) implements Message {}

        /**
         * What it has said.
         *
         * @param text   null where it only called tools
         * @param by     the name of the model that said it, or null if that is not recorded
         * @param extras what that model wants back with it, or null
         */
        record Model(@Nullable String text, List<Call> calls, @Nullable String by, @Nullable JsonNode extras)
                implements Message {}

        /** The outcome of a call. */
        record Result(Call call, String text) implements Message {}
    }

    /**
     * A call that the model has asked for.
     *
     * @param id        its own in the conversation: nine letters and digits
     * @param name      letters, digits, {@code _} and {@code -}, at most 64
     * @param arguments a JSON object
     * @param extras    what the model wants back with it, or null
     */
    public record Call(String id, String name, String arguments, @Nullable JsonNode extras) {

        private static final int LONGEST_NAME = 64;
        private static final int LONGEST_MALFORMED = 2_000;
        private static final int DIGITS = 5;

        /**
         * The form that every server accepts.
         * It is derived from recorded data alone, so each attempt sends the same.
         *
         * @param number its number in the conversation
         */
        public static Call of(Answer.WantedCall wanted, int number) {
            String digits = Integer.toString(number, Character.MAX_RADIX);
            return new Call(
                    "call" + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits,
                    name(wanted.tool()),
                    arguments(wanted.arguments()),
                    wanted.extras());
        }

        private static String name(String said) {
            String name = said.replaceAll("[^a-zA-Z0-9_-]", "_");
            return name.isEmpty() ? "unnamed" : name.substring(0, Math.min(name.length(), LONGEST_NAME));
        }

        /** If a model wrote no JSON object, it sees its text inside one. */
        private static String arguments(String said) {
            try {
                if (Json.parse(said).isObject()) {
                    return said;
                }
            } catch (JsonProcessingException e) {
                // it is shown below
            }
            return Json.write(Map.of("malformed", Excerpt.of(said, LONGEST_MALFORMED)));
        }
    }

    /** What the model may call. {@code parameters} is the JSON Schema of its arguments, whole. */
    public record Tool(String name, String description, JsonNode parameters) {}
}
