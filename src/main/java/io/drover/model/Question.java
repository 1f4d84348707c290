package io.drover.model;

import java.util.function.UnaryOperator;

/**
 * A question to a model, and the budget that pays for it.
 *
 * @param promptTokens an upper limit for the tokens of the prompt
 * @param judge        decides whether an answer is accepted, before it is recorded
 */
public record Question(Prompt prompt, long promptTokens, Allowance allowance, UnaryOperator<Answer> judge) {

    /** The upper limit of what asking a model can use. */
    Usage reserved(ModelSettings settings) {
        return new Usage(promptTokens, 0, settings.maxOutputTokens());
    }
}
