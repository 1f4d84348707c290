package io.drover.agent;

import io.drover.tool.Arguments;
import io.drover.trace.Content;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow says of an agent.
 *
 * @param model         the name of the model, below {@code drover.models}
 * @param system        what the model is told to be and do
 * @param tools         tags; it is offered the tools that have one of them
 * @param maxIterations how often the model is asked
 * @param maxToolCalls  how often it may call tools, all together
 * @param maxCostUsd    in dollars, or null
 * @param maxTokens     of prompts and answers together, or null
 * @param outputSchema  what its answer must look like, or null for text
 * @param content       how much of what is said stands in traces
 */
public record AgentSpec(
        String name,
        String model,
        @Nullable String system,
        Set<String> tools,
        int maxIterations,
        int maxToolCalls,
        @Nullable BigDecimal maxCostUsd,
        @Nullable Long maxTokens,
        @Nullable Double temperature,
        @Nullable Arguments outputSchema,
        Content content) {}
