package io.drover.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.function.UnaryOperator;

/**
 * A question to a model, and the budget that pays for it.
 *
 * @param promptTokens an upper limit for the tokens of the prompt
 * @param judge        decides whether an answer is accepted, before it is recorded
 */
public record Question(ChatRequest request, long promptTokens, Allowance allowance, UnaryOperator<Answer> judge) {}
