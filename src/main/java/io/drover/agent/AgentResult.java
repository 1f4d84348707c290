package io.drover.agent;

import io.drover.model.Usage;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What an agent came to.
 *
 * @param value      its answer: text, or what the output schema describes
 * @param iterations how often the model was asked
 * @param usd        what that cost, in dollars
 */
public record AgentResult(@Nullable Object value, int iterations, Usage usage, BigDecimal usd) {}
