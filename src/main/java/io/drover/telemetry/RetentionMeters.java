package io.drover.telemetry;

import io.drover.journal.TaskStatus;
import io.drover.task.RetentionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** The meters of what is no longer kept. */
@Component
class RetentionMeters implements RetentionListener {

    private final MeterRegistry registry;
    private final Counter forgotten;

    RetentionMeters(MeterRegistry registry) {
        this.registry = registry;
        this.forgotten = Counter.builder("agent.outcomes.deleted")
                .description("Outcomes of tasks that were deleted, with the keys of the tasks.")
                .register(registry);
    }

    @Override
    public void removed(String workflow, TaskStatus outcome, int tasks) {
        Counter.builder("agent.tasks.removed")
                .description("Ended tasks whose content was removed.")
                .tag("workflow", workflow)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment(tasks);
    }

    @Override
    public void forgotten(int tasks) {
        forgotten.increment(tasks);
    }
}
