package io.drover.model;

import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.function.UnaryOperator;

/**
 * What a model is asked, and from whose purse.
 *
 * @param promptTokens at most so many tokens are in the prompt
 * @param judge        says of an answer whether it is accepted, before it is recorded
 */
public record Question(ChatRequest request, long promptTokens, Allowance allowance, UnaryOperator<Answer> judge) {}
