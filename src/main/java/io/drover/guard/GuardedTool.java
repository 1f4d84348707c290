package io.drover.guard;

import io.drover.tool.ToolSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.function.Consumer;

/**
 * One version of a tool, with its guard around it.
 *
 * @param routeId    the route that runs it
 * @param definition digest of the file it was read from
 * @param breaker    shared by all versions of the tool
 * @param dispatcher sends one try through the guard and the author's steps
 */
public record GuardedTool(
        ToolSpec spec, String routeId, long definition, CircuitBreaker breaker, Consumer<DispatchedCall> dispatcher) {}
