package io.drover.model;

import java.util.Locale;
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

    /** How models write their calls, each by its own template; no answer begins so. */
    private static final Pattern CALL_AS_TEXT = Pattern.compile(
            "\\s*(?:<think>.*?</think>\\s*)?(?:<tool_calls?>|<\\|tool[_\u2581]calls?|<function=|\\[TOOL_CALLS]"
                    + "|<\uff5ctool\u2581calls?)",
            Pattern.DOTALL);

    /** The reasons in the words of all servers; an unknown word tells nothing. */
    static Finish of(@Nullable String said) {
        return switch (said == null ? "" : said.strip().toLowerCase(Locale.ROOT)) {
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
            default -> DONE;
        };
    }

    /**
     * Accepts calls if the model wants some, and text if the model has finished.
     *
     * @throws ModelAnswerException when the reply is no answer
     */
    static void check(Reply reply, ModelSettings settings) {
        if (reply.refusal() != null && !reply.refusal().isBlank()) {
            throw new ModelAnswerException("the model refused: " + ModelAnswerException.words(reply.refusal()), true);
        }
        boolean calls = !reply.calls().isEmpty();
        boolean text = reply.text() != null && !reply.text().isBlank();
        switch (reply.finish()) {
            case FILTERED ->
                throw new ModelAnswerException(
                        "a filter of the provider cut the answer (%s)".formatted(reply.said()), true);
            case BROKEN_OFF ->
                throw new ModelAnswerException("the server broke the answer off (%s)".formatted(reply.said()), false);
            case CUT -> {
                if (!calls) { // of calls the complete ones count, and the model is told of the one that was cut
                    throw new ModelAnswerException(
                            "the answer was cut at max-output-tokens (%d), or at the end of the model's context (%s); raise the limit, or ask for less"
                                    .formatted(settings.maxOutputTokens(), reply.said()),
                            true);
                }
            }
            case CALLS -> {
                if (!calls) {
                    throw new ModelAnswerException(
                            "the model said that it calls tools (%s) and called none".formatted(reply.said()), false);
                }
            }
            case DONE -> {}
        }
        if (!calls && text && CALL_AS_TEXT.matcher(reply.text()).lookingAt()) {
            throw new ModelAnswerException(
                    "the model wrote a call of a tool as text, which its server did not read; switch the parser of the server on for this model (vLLM: --enable-auto-tool-choice, --tool-call-parser)",
                    false);
        }
        if (!calls && !text) {
            throw new ModelAnswerException(
                    "the model answered with neither text nor calls (%s)".formatted(reply.said()), false);
        }
    }
}
