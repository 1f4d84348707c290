package io.drover.telemetry;

import io.drover.journal.Mode;
import io.drover.model.ModelListener;
import io.drover.model.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The meters of models: tokens, dollars, and the lengths of prompts and answers.
 * They count when an answer comes, not when the task ends.
 */
@Component
class ModelMeters implements ModelListener {

    private static final double[] BUCKETS = {100, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000};

    private record OfModel(
            Counter in, Counter cached, Counter out, DistributionSummary prompt, DistributionSummary answer) {}

    private record Asked(String model, Mode mode) {}

    private record Spender(String model, String workflow, Mode mode) {}

    private final MeterRegistry registry;
    private final Map<Asked, OfModel> models = new ConcurrentHashMap<>();
    private final Map<Spender, Counter> costs = new ConcurrentHashMap<>();

    ModelMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(String workflow, Mode mode, String model, Usage usage, BigDecimal usd) {
        OfModel meters = models.computeIfAbsent(new Asked(model, mode), this::create);
        meters.in.increment(usage.in() - usage.cached());
        meters.cached.increment(usage.cached());
        meters.out.increment(usage.out());
        meters.prompt.record(usage.in());
        meters.answer.record(usage.out());
        costs.computeIfAbsent(new Spender(model, workflow, mode), this::cost).increment(usd.doubleValue());
    }

    private OfModel create(Asked asked) {
        return new OfModel(
                tokens(asked, "in"),
                tokens(asked, "cached"),
                tokens(asked, "out"),
                length("agent.llm.prompt.tokens", "Tokens of a prompt.", asked.model()),
                length("agent.llm.answer.tokens", "Tokens of an answer.", asked.model()));
    }

    private Counter tokens(Asked asked, String kind) {
        return Counter.builder("agent.llm.tokens")
                .description("Paid tokens of models: in (not cached), cached, out.")
                .tag("model", asked.model())
                .tag(TaskMeters.MODE, asked.mode().word())
                .tag("kind", kind)
                .register(registry);
    }

    private DistributionSummary length(String name, String description, String model) {
        return DistributionSummary.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .tag("model", model)
                .register(registry);
    }

    private Counter cost(Spender spender) {
        return Counter.builder("agent.llm.cost.usd")
                .description("Dollars paid for models.")
                .tag("model", spender.model())
                .tag("workflow", spender.workflow())
                .tag(TaskMeters.MODE, spender.mode().word())
                .register(registry);
    }
}
