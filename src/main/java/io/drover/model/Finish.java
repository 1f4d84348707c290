package io.drover.model;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a model stopped, and whether its words until then are an answer.
 * Only this class decides that.
 */
enum Finish {
    /** It had said everything, or does not tell. */
    DONE,
    /** It wants tools called. */
    CALLS,
    /** It reached the limit of its tokens, or of the conversation. */
    CUT,
    /** A filter of the server took the rest. */
    FILTERED,
    /** The server broke it off. */
    BROKEN_OFF;

    /** Of words that are not known, what they mean; the first match counts. */
    private static final Map<Finish, Pattern> BY_PART = byPart();

    private static final int LONGEST_WORD = 100;

    /** The reasons in the words of all servers; an unknown word tells by its parts, or nothing. */
    static Finish of(@Nullable String said) {
        String reason = said == null ? "" : said.strip().toLowerCase(Locale.ROOT);
        return switch (reason) {
            case "tool_calls", "tool_call", "tool_use", "function_call", "tool_execution" -> CALLS;
            case "length",
                    "max_tokens",
                    "max_output_tokens",
                    "model_length",
                    "max_length",
                    "context_window_exceeded",
                    "model_context_window_exceeded" -> CUT;
            case "content_filter",
                    "content_filtered",
                    "safety",
                    "recitation",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "image_safety",
                    "sensitive",
                    "refusal",
                    "guardrail_intervened" -> FILTERED;
            case "error",
                    "abort",
                    "aborted",
                    "cancelled",
                    "canceled",
                    "timeout",
                    "network_error",
                    "insufficient_system_resource",
                    "malformed_function_call",
                    "pause_turn" -> BROKEN_OFF;
            default ->
                BY_PART.entrySet().stream()
                        .filter(part -> reason.length() <= LONGEST_WORD)
                        .filter(part -> part.getValue().matcher(reason).find())
                        .findFirst()
                        .map(Map.Entry::getKey)
                        .orElse(DONE);
        };
    }

    private static Map<Finish, Pattern> byPart() {
        Map<Finish, Pattern> parts = new EnumMap<>(Finish.class); // in the order of the constants
        parts.put(CUT, Pattern.compile("length|truncat|context|max.*token|token_limit|incomplete|not_finished"));
        parts.put(FILTERED, Pattern.compile("filter|safety|block|prohibit|toxic|moderat|guardrail|refus"));
        parts.put(BROKEN_OFF, Pattern.compile("error|fail|abort|cancel|time_?out|time_limit|interrupt|malformed"));
        return parts;
    }

    /**
     * Accepts calls if the model wants some, and text if the model has finished.
     *
     * @param offered the tools that the model may call
     * @throws ModelAnswerException when the reply is no answer
     */
    static void check(Reply reply, ModelSettings settings, List<Prompt.Tool> offered) {
        if (reply.refusal() != null && !reply.refusal().isBlank()) {
            throw new ModelAnswerException("the model refused: " + ModelAnswerException.words(reply.refusal()), true);
        }
        boolean calls = !reply.calls().isEmpty();
        String words = reply.text() == null ? "" : reply.text();
        boolean text = !words.isBlank();
        switch (reply.finish()) {
            case FILTERED, BROKEN_OFF -> throw reply.finish().failure(reply.said(), settings);
            case CUT -> {
                if (!calls) { // of calls the complete ones count, and the model is told of the one that was cut
                    throw CUT.failure(reply.said(), settings);
                }
            }
            case CALLS -> {
                if (!calls && !text) { // of a text the model is asked whether it is the answer
                    throw new ModelAnswerException(
                            "the model said that it calls tools (%s) and called none".formatted(reply.said()), false);
                }
            }
            case DONE -> {}
        }
        if (!calls && text && WrittenCall.isIn(words, offered)) {
            throw new ModelAnswerException(
                    "the model wrote a call of a tool as text, which its server did not read; switch the parser of the server on for this model (vLLM: --enable-auto-tool-choice, --tool-call-parser)",
                    false);
        }
        if (!calls && !text) {
            throw new ModelAnswerException(
                    "the model answered with neither text nor calls (%s)".formatted(reply.said()), false);
        }
    }

    /** What a reply is that ended so, and is no answer. */
    ModelAnswerException failure(String said, ModelSettings settings) {
        return switch (this) {
            case FILTERED ->
                new ModelAnswerException("a filter of the provider cut the answer (%s)".formatted(said), true);
            case CUT ->
                new ModelAnswerException(
                        "the answer was cut at max-output-tokens (%d), or at the end of the model's context (%s); raise the limit, or ask for less"
                                .formatted(settings.maxOutputTokens(), said),
                        true);
            default -> new ModelAnswerException("the server broke the answer off (%s)".formatted(said), false);
        };
    }
}
