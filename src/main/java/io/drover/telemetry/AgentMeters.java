package io.drover.telemetry;

import io.drover.agent.AgentListener;
import io.drover.agent.AgentStoppedException.Reason;
import io.drover.journal.Mode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import java.math.BigDecimal;
import org.springframework.stereotype.Component;

/** The meters of agents: how often they ask, what an answer costs, and why they are stopped. */
@Component
class AgentMeters implements AgentListener {

    private static final double[] ITERATIONS = {1, 2, 3, 5, 10, 20, 50, 100};
    private static final double[] DOLLARS = {0.0001, 0.001, 0.01, 0.05, 0.1, 0.5, 1, 5, 20};

    private final MeterRegistry registry;

    AgentMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void answered(String workflow, Mode mode, String agent, int iterations, BigDecimal usd) {
        DistributionSummary.builder("agent.iterations")
                .description("How many times an agent asked its model before it had an answer.")
                .tag("workflow", workflow)
                .tag(TaskMeters.MODE, mode.word())
                .tag("agent", agent)
                .serviceLevelObjectives(ITERATIONS)
                .register(registry)
                .record(iterations);
        DistributionSummary.builder("agent.answer.cost.usd")
                .description("Dollars that an agent's answer cost, over all attempts of its task.")
                .tag("workflow", workflow)
                .tag(TaskMeters.MODE, mode.word())
                .tag("agent", agent)
                .serviceLevelObjectives(DOLLARS)
                .register(registry)
                .record(usd.doubleValue());
        for (Reason reason : Reason.values()) {
            stops(workflow, mode, agent, reason); // begins at zero
        }
    }

    @Override
    public void stopped(String workflow, Mode mode, String agent, Reason reason) {
        stops(workflow, mode, agent, reason).increment();
    }

    private Counter stops(String workflow, Mode mode, String agent, Reason reason) {
        return Counter.builder("agent.stopped")
                .description("Agents that were stopped before they had an answer.")
                .tag("workflow", workflow)
                .tag(TaskMeters.MODE, mode.word())
                .tag("agent", agent)
                .tag("reason", reason.toString())
                .register(registry);
    }
}
