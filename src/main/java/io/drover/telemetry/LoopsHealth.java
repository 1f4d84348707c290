package io.drover.telemetry;

import io.drover.start.DeadThreads;
import io.drover.start.Periodic;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/**
 * Whether the vital loops run: claiming, heartbeats, commits, schedules.
 * If one stands still while the database answers, only a restart helps.
 * While the database is away, they wait for it.
 */
@Component("loopsHealthIndicator")
class LoopsHealth implements HealthIndicator {

    /** Longer than any run takes, and longer than the wait for a connection. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DatabaseHealth database;
    private final Duration patience;

    @Autowired
    LoopsHealth(DatabaseHealth database) {
        this(database, PATIENCE);
    }

    LoopsHealth(DatabaseHealth database, Duration patience) {
        this.database = database;
        this.patience = patience;
    }

    @Override
    public Health health() {
        String thread = DeadThreads.missed();
        if (thread != null) {
            return down("thread %s ended with an uncaught exception or error".formatted(thread));
        }
        boolean answers = database.health().getStatus().equals(Status.UP);
        for (Periodic loop : Periodic.open()) {
            if (loop.isVital() && loop.isDead()) {
                return down("the thread of loop %s has ended".formatted(loop.name()));
            }
            if (loop.isVital() && answers && loop.overdue().compareTo(patience) > 0) {
                return down("loop %s has been stuck for %d s"
                        .formatted(loop.name(), loop.overdue().toSeconds()));
            }
        }
        return Health.up().build();
    }

    private static Health down(String reason) {
        return Health.down().withDetail("reason", reason).build();
    }
}
