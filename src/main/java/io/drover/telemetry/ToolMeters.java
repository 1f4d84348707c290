package io.drover.telemetry;

import io.drover.guard.ToolCallListener;
import io.drover.journal.Mode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The meters of tool calls, each made once. */
@Component
class ToolMeters implements ToolCallListener {

    private static final double[] BUCKETS_MS = {
        1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000
    };

    /** A model may ask for tools that do not exist; their names must not fill the memory. */
    private static final int MAX_TOOLS = 2_000;

    private static final String OTHER = "other";

    private static final Set<String> OUTCOMES = Set.of(
            "succeeded",
            "cached",
            "replayed",
            "invalid",
            "refused",
            "failed",
            "throttled",
            "deferred",
            "held",
            "awaiting",
            "already_done",
            "in_doubt");

    /** Those of OpenFeature; a provider may say anything. */
    private static final Set<String> REASONS =
            Set.of("STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "CACHED", "DISABLED", "UNKNOWN", "STALE", "ERROR");

    /** Outcomes of calls that were not made. */
    private static final Set<String> ANSWERED_HERE = Set.of("replayed", "cached", "previewed");

    private record Fallback(Mode mode, String from, String to) {}

    private record OfTool(
            DistributionSummary latency, Counter retries, Counter throttled, Map<Outcome, Counter> outcomes) {}

    private record Outcome(Mode mode, String outcome) {}

    private final MeterRegistry registry;
    private final Map<String, OfTool> tools = new ConcurrentHashMap<>();
    private final Map<Fallback, Counter> fallbacks = new ConcurrentHashMap<>();
    private final LastSuccess lastSuccess;

    ToolMeters(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.lastSuccess = new LastSuccess(
                registry,
                clock,
                "agent.tool.last.success.timestamp",
                "tool",
                "When a call of the tool last succeeded in this process, in seconds since 1970.");
    }

    /** Begins the tool's counters at zero. */
    void begin(String tool, @Nullable String fallback) {
        OfTool meters = of(tool);
        OUTCOMES.forEach(outcome -> calls(meters, tool, Mode.LIVE, outcome));
        if (fallback != null) {
            fallbacks(new Fallback(Mode.LIVE, tool, fallback));
        }
    }

    @Override
    public void called(String workflow, Mode mode, String tool, String outcome, Duration duration) {
        OfTool meters = of(tool);
        calls(meters, tool, mode, outcome).increment();
        if (outcome.equals("succeeded")) {
            lastSuccess.now(tools.containsKey(tool) ? tool : OTHER);
        }
        if (!ANSWERED_HERE.contains(outcome)) {
            meters.latency.record(duration.toNanos() / 1e6);
        }
    }

    @Override
    public void retried(Mode mode, String tool) {
        OfTool meters = of(tool);
        (mode == Mode.LIVE ? meters.retries : retries(tools.containsKey(tool) ? tool : OTHER, mode)).increment();
    }

    @Override
    public void throttled(String tool) {
        of(tool).throttled.increment();
    }

    @Override
    public void metEffect(String tool, String how) {
        Counter.builder("agent.effect.key.meetings")
                .description("Calls that were to begin while another call had their effect key, by what came of it.")
                .tag("tool", tools.containsKey(tool) ? tool : OTHER)
                .tag("how", how)
                .register(registry)
                .increment();
    }

    @Override
    public void ruled(String rule, String said, boolean enforced) {
        Counter.builder("agent.rule.verdicts")
                .description(
                        "What rules said about calls that were to be made; enforced is false for rules that observe.")
                .tag("rule", rule)
                .tag("verdict", said)
                .tag("enforced", Boolean.toString(enforced))
                .register(registry)
                .increment();
    }

    @Override
    public void flagged(String flag, String variant, String reason) {
        Counter.builder("agent.flags.resolved")
                .description("Flags that were resolved for a task, by variant and reason.")
                .tag("flag", flag)
                .tag("variant", variant)
                .tag("reason", REASONS.contains(reason) ? reason.toLowerCase(Locale.ROOT) : "other")
                .register(registry)
                .increment();
    }

    @Override
    public void fellBack(Mode mode, String from, String to) {
        fallbacks(new Fallback(mode, from, to)).increment();
    }

    private Counter fallbacks(Fallback fallback) {
        return fallbacks.computeIfAbsent(fallback, f -> Counter.builder("agent.fallbacks")
                .description("Calls for which another tool was called.")
                .tag("from", f.from())
                .tag("to", f.to())
                .tag(TaskMeters.MODE, f.mode().word())
                .register(registry));
    }

    private OfTool of(String tool) {
        OfTool known = tools.get(tool);
        return known != null ? known : tools.computeIfAbsent(tools.size() < MAX_TOOLS ? tool : OTHER, this::create);
    }

    private OfTool create(String tool) {
        return new OfTool(
                DistributionSummary.builder("agent.tool.call.latency.ms")
                        .description("From a call to its outcome, over all its tries, in milliseconds.")
                        .tag("tool", tool)
                        .serviceLevelObjectives(BUCKETS_MS)
                        .register(registry),
                retries(tool, Mode.LIVE),
                Counter.builder("agent.throttled")
                        .description("How many times a call had to wait because the rate was spent.")
                        .tag("tool", tool)
                        .register(registry),
                new ConcurrentHashMap<>());
    }

    private Counter retries(String tool, Mode mode) {
        return Counter.builder("agent.retries")
                .description("Tries after the first.")
                .tag("tool", tool)
                .tag(TaskMeters.MODE, mode.word())
                .register(registry);
    }

    private Counter calls(OfTool meters, String tool, Mode mode, String outcome) {
        return meters.outcomes.computeIfAbsent(
                new Outcome(mode, outcome), o -> calls(tools.containsKey(tool) ? tool : OTHER, mode, outcome));
    }

    private Counter calls(String tool, Mode mode, String outcome) {
        return Counter.builder("agent.tool.calls")
                .description("Calls that ended, by outcome.")
                .tag("tool", tool)
                .tag(TaskMeters.MODE, mode.word())
                .tag("outcome", outcome)
                .register(registry);
    }
}
