package io.drover.telemetry;

import io.drover.rollout.RolloutState;
import io.drover.rollout.RolloutView;
import io.drover.rollout.RolloutsInForce;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** How the rollouts stand, as this process knows them. */
@Component
class RolloutMeters {

    /** For so long one that has ended is counted: an alert has to see it. */
    private static final Duration REMEMBERED = Duration.ofHours(1);

    RolloutMeters(RolloutsInForce rollouts, Clock clock, MeterRegistry registry) {
        for (RolloutState state : RolloutState.values()) {
            Gauge.builder("agent.rollouts", rollouts, now -> count(now, state, clock))
                    .tag("state", state.text())
                    .description("Rollouts that are alive, or ended in the last hour.")
                    .strongReference(true)
                    .register(registry);
        }
        Gauge.builder("agent.rollouts.overdue", rollouts, now -> now.known().stream()
                        .filter(RolloutView::isOverdue)
                        .count())
                .description("Rollouts of which nothing was shown in the time that a step has.")
                .strongReference(true)
                .register(registry);
    }

    private static long count(RolloutsInForce rollouts, RolloutState state, Clock clock) {
        return rollouts.known().stream()
                .filter(one -> one.state() == state)
                .filter(one -> one.endedAt() == null
                        || Duration.between(one.endedAt(), clock.instant()).compareTo(REMEMBERED) < 0)
                .count();
    }
}
