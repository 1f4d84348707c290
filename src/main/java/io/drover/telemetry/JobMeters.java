package io.drover.telemetry;

import io.drover.jobs.JobListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import org.springframework.stereotype.Component;

/** The meters of worker Jobs. */
@Component
class JobMeters implements JobListener {

    private final MeterRegistry registry;

    JobMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void watched(Collection<String> workflows) {
        for (String workflow : workflows) { // from zero, so that the first is an increase
            jobsMade(workflow);
            jobsFailed(workflow);
        }
    }

    @Override
    public void made(String workflow) {
        jobsMade(workflow).increment();
    }

    @Override
    public void failed(String workflow) {
        jobsFailed(workflow).increment();
    }

    private Counter jobsMade(String workflow) {
        return Counter.builder("agent.jobs.made")
                .description("Worker Jobs that were created.")
                .tag("workflow", workflow)
                .register(registry);
    }

    private Counter jobsFailed(String workflow) {
        return Counter.builder("agent.jobs.failed")
                .description("Worker Jobs on which Kubernetes gave up.")
                .tag("workflow", workflow)
                .register(registry);
    }
}
