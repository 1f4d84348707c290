package io.drover.telemetry;

import io.drover.task.Worker;
import java.time.Duration;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/**
 * Whether attempts can run in this process.
 * If none can for longer than a lease, other workers already have its tasks, and only a restart helps.
 * Requests run on the same kind of threads as attempts, so often there is no answer at all, which means the same.
 */
@Component("attemptsHealthIndicator")
class AttemptsHealth implements HealthIndicator {

    private final Worker worker;

    AttemptsHealth(Worker worker) {
        this.worker = worker;
    }

    @Override
    public Health health() {
        Duration still = worker.standsStillFor();
        return still.compareTo(worker.lease()) > 0
                ? Health.down()
                        .withDetail("reason", "no attempt could make progress for %d s".formatted(still.toSeconds()))
                        .build()
                : Health.up().build();
    }
}
