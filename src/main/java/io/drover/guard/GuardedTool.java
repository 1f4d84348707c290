package io.drover.guard;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.tool.ToolSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One version of a tool, with its guard around it.
 *
 * @param routeId    the route that runs it
 * @param definition digest of the file it was read from
 * @param breaker    shared by all versions of the tool
 * @param dispatcher sends one try through the guard and the author's steps
 * @param effectKey  of arguments, or null where the tool has none; it answers null where a part of the key is empty
 */
public record GuardedTool(
        ToolSpec spec,
        String routeId,
        long definition,
        CircuitBreaker breaker,
        Consumer<DispatchedCall> dispatcher,
        @Nullable Function<JsonNode, @Nullable String> effectKey) {}
