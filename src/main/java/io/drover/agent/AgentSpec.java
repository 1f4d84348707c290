package io.drover.agent;

import io.drover.json.Schema;
import io.drover.start.Bounds;
import io.drover.trace.Content;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of an agent in a workflow.
 *
 * @param model         the name of the model, below {@code drover.models}
 * @param system        what the model is told to be and do
 * @param tools         tags; it is offered the tools with one of them
 * @param maxIterations how many times the model is asked
 * @param maxToolCalls  how many tool calls it may make in all
 * @param maxCostUsd    in dollars, or null
 * @param maxTokens     of prompts and answers together, or null
 * @param outputSchema  what its answer must look like, or null for text
 * @param content       how much of the conversation goes into traces
 * @param onEdit        what an edit does to it when it has begun
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
        @Nullable Schema outputSchema,
        Content content,
        OnEdit onEdit) {

    private static final Bounds<Integer> MAX_ITERATIONS = Bounds.of(1, 10_000, 10);
    private static final Bounds<Integer> MAX_TOOL_CALLS = Bounds.of(0, 100_000, 50);
    private static final Bounds<BigDecimal> MAX_COST_USD = Bounds.ofDollars(1_000_000_000, "0.50");
    private static final Bounds<Long> MAX_TOKENS = new Bounds<>(1L, 1_000_000_000_000L, 100_000L);
    private static final Bounds<Double> TEMPERATURE = new Bounds<>(0.0, 2.0, 0.2);

    /** The allowed values of an agent's numbers, by the name of the option. */
    public static final Map<String, Bounds<?>> BY_OPTION = Map.of(
            "maxIterations", MAX_ITERATIONS,
            "maxToolCalls", MAX_TOOL_CALLS,
            "maxCostUsd", MAX_COST_USD,
            "maxTokens", MAX_TOKENS,
            "temperature", TEMPERATURE);

    public AgentSpec {
        String agent = "agent:%s: ".formatted(name);
        MAX_ITERATIONS.check(agent + "maxIterations", maxIterations);
        MAX_TOOL_CALLS.check(agent + "maxToolCalls", maxToolCalls);
        MAX_COST_USD.check(agent + "maxCostUsd", maxCostUsd);
        MAX_TOKENS.check(agent + "maxTokens", maxTokens);
        TEMPERATURE.check(agent + "temperature", temperature);
    }

    /** The same agent on another model. */
    public AgentSpec on(String other) {
        return new AgentSpec(
                name,
                other,
                system,
                tools,
                maxIterations,
                maxToolCalls,
                maxCostUsd,
                maxTokens,
                temperature,
                outputSchema,
                content,
                onEdit);
    }
}
