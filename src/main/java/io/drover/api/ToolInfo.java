package io.drover.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.guard.GuardedTool;
import io.drover.tool.ToolSpec;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A tool as it is loaded in this process, with its guard. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Tool", description = "A tool as it is loaded in this process, with its guard.")
public record ToolInfo(
        String name,
        String description,
        Set<String> tags,
        @Schema(description = "Below the routes directory.") @Nullable String file,
        @Schema(description = "Digest of its definition.") String definition,
        @Schema(implementation = Object.class, description = "JSON Schema of the arguments.") JsonNode schema,
        Policy policy,
        Throttle throttle,
        Breaker breaker) {

    /** Its policy. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "Policy")
    public record Policy(
            boolean enabled,
            boolean readOnly,
            boolean destructive,
            boolean idempotent,
            boolean openWorld,
            String approval,
            @Schema(type = "string", example = "PT2S") Duration timeout,
            int retries,
            @Schema(type = "string", example = "PT0.2S") Duration backoff,
            @Nullable String fallback,
            @Nullable String reconcile,
            @Schema(description = "What makes two calls the same effect.") @Nullable String effectKey,
            @Schema(description = "Within which it names one effect: task, workflow or all.") @Nullable
                    String effectScope,
            @Schema(description = "The namespace of the effect key.") @Nullable String effect,
            int maxResultBytes,
            @Schema(type = "string", example = "PT1M") @Nullable Duration cache,
            @Schema(description = "The flag that must be on for the task.") @Nullable String flag) {}

    /** The limits of its rate. */
    @Schema(name = "Throttle")
    public record Throttle(
            @Schema(description = "For the whole fleet, as in 20/1s.") String rate,
            @Schema(description = "This process's share, as in 7/1050ms.") String share,
            @Schema(description = "Concurrent calls in this process; 0 for no limit.") int concurrency) {}

    /** Its circuit breaker. */
    @Schema(name = "Breaker")
    public record Breaker(
            CircuitBreaker.State state,
            @Schema(description = "Percentage of failed calls; -1 before there are enough.") float failureRate,
            int bufferedCalls,
            int failedCalls,
            @Schema(description = "Calls that it did not let through.") long notPermittedCalls) {}

    static ToolInfo of(GuardedTool tool, @Nullable String file, int workers) {
        ToolSpec spec = tool.spec();
        CircuitBreaker.Metrics metrics = tool.breaker().getMetrics();
        return new ToolInfo(
                spec.name(),
                spec.description(),
                spec.tags(),
                file,
                TaskInfo.hex(tool.definition()),
                spec.arguments().schema(),
                new Policy(
                        spec.enabled(),
                        spec.readOnly(),
                        spec.destructive(),
                        spec.idempotent(),
                        spec.openWorld(),
                        spec.approval().when(),
                        spec.timeout(),
                        spec.retries(),
                        spec.backoff(),
                        spec.fallback(),
                        spec.reconcile(),
                        spec.effectKey() == null ? null : spec.effectKey().key(),
                        spec.effectKey() == null
                                ? null
                                : spec.effectKey().scope().word(),
                        spec.effectKey() == null ? null : spec.effectKey().namespace(),
                        spec.maxResultBytes(),
                        spec.cache(),
                        spec.flag()),
                new Throttle(
                        spec.throttle().toString(),
                        spec.throttle().share(workers).toString(),
                        spec.concurrency()),
                new Breaker(
                        tool.breaker().getState(),
                        metrics.getFailureRate(),
                        metrics.getNumberOfBufferedCalls(),
                        metrics.getNumberOfFailedCalls(),
                        metrics.getNumberOfNotPermittedCalls()));
    }
}
