package io.drover.model;

import dev.langchain4j.model.chat.request.ChatRequest;

/**
 * What a model is asked, and from whose purse.
 *
 * @param promptTokens at most so many tokens are in the prompt
 */
public record Question(ChatRequest request, long promptTokens, Allowance allowance) {}
