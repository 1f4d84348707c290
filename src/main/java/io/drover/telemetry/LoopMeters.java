package io.drover.telemetry;

import io.drover.start.DeadThreads;
import io.drover.start.Periodic;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.springframework.stereotype.Component;

/** Whether the loops of this process run, and which threads ended. */
@Component
class LoopMeters implements Look {

    private final MeterRegistry registry;
    private final Set<String> begun = new HashSet<>(); // of the thread that looks

    LoopMeters(MeterRegistry registry) {
        this.registry = registry;
        DeadThreads.watch();
        FunctionCounter.builder("agent.threads.died", this, any -> DeadThreads.count())
                .description("Threads that ended with an uncaught exception or error, in this process.")
                .register(registry);
    }

    @Override
    public String what() {
        return "loops";
    }

    /** Begins the meters of those that are new; their values are read with each scrape. */
    @Override
    public void look() {
        Periodic.failuresByName().forEach((name, failures) -> {
            if (!begun.add(name)) {
                return;
            }
            Gauge.builder("agent.loop.overdue", name, LoopMeters::overdue)
                    .description(
                            "How long a run of the loop is overdue to end or to begin; the loop may be stuck or dead.")
                    .baseUnit("seconds")
                    .tag("loop", name)
                    .register(registry);
            FunctionCounter.builder("agent.loop.failures", failures, LongAdder::sum)
                    .description("Runs of the loop that failed.")
                    .tag("loop", name)
                    .register(registry);
        });
    }

    private static double overdue(String name) {
        return Periodic.open().stream()
                .filter(periodic -> periodic.name().equals(name))
                .mapToDouble(periodic -> periodic.overdue().toMillis() / 1000.0)
                .max()
                .orElse(0);
    }
}
