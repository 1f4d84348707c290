package io.drover.telemetry;

import io.drover.evaluation.EvaluationListener;
import io.drover.evaluation.EvaluationState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The evaluations that this process ended, and their scores. */
@Component
class EvaluationMeters implements EvaluationListener {

    private final MeterRegistry registry;

    EvaluationMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void evaluated(String workflow, int version, EvaluationState state, @Nullable BigDecimal score) {
        Counter.builder("agent.evaluations")
                .description("Tasks that were evaluated, or could not be.")
                .tag("workflow", workflow)
                .tag("version", String.valueOf(version))
                .tag("result", state.text())
                .register(registry)
                .increment();
        if (score != null) {
            DistributionSummary.builder("agent.evaluation.score")
                    .description("The scores of the tasks that were evaluated, from 0 to 1.")
                    .tag("workflow", workflow)
                    .tag("version", String.valueOf(version))
                    .serviceLevelObjectives(0.1, 0.25, 0.5, 0.75, 0.9, 1)
                    .register(registry)
                    .record(score.doubleValue());
        }
    }
}
