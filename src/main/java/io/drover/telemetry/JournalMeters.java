package io.drover.telemetry;

import io.drover.journal.CommitListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** The meters of group commits: how long the database takes, and how many rows share it. */
@Component
class JournalMeters implements CommitListener {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    private record OfKind(Timer time, DistributionSummary rows) {}

    private final MeterRegistry registry;
    private final Map<String, OfKind> kinds = new ConcurrentHashMap<>();

    JournalMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void committed(String kind, int rows, Duration took) {
        OfKind meters = kinds.computeIfAbsent(kind, this::create);
        meters.time.record(took);
        meters.rows.record(rows);
    }

    private OfKind create(String kind) {
        return new OfKind(
                Timer.builder("agent.commit")
                        .description("A group commit, from the statement to its durable end.")
                        .tag("kind", kind)
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry),
                DistributionSummary.builder("agent.commit.rows")
                        .description("Rows that went out in one group commit.")
                        .tag("kind", kind)
                        .register(registry));
    }
}
