package io.drover.agent;

import io.drover.model.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The result of an agent.
 *
 * @param value      its answer: text, or what the output schema describes
 * @param iterations how many times the model was asked
 * @param usd        what that cost, in dollars
 */
public record AgentResult(@Nullable Object value, int iterations, Usage usage, BigDecimal usd) {}
