package io.drover.telemetry;

import io.drover.hold.Hold;
import io.drover.hold.HoldsInForce;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** What is held, as this process knows it. */
@Component
class HoldMeters {

    HoldMeters(HoldsInForce holds, Clock clock, MeterRegistry registry) {
        for (Hold.Kind kind : Hold.Kind.values()) {
            Gauge.builder("agent.holds", holds, now -> count(now, kind))
                    .tag("kind", kind.text())
                    .description("Holds in force.")
                    .strongReference(true)
                    .register(registry);
        }
        Gauge.builder("agent.hold.oldest.age", holds, now -> oldest(now, clock))
                .description("How long the oldest hold without an end has been in force.")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    private static long count(HoldsInForce holds, Hold.Kind kind) {
        return holds.all().stream().filter(hold -> hold.kind() == kind).count();
    }

    private static double oldest(HoldsInForce holds, Clock clock) {
        return holds.all().stream()
                .filter(hold -> hold.until() == null)
                .mapToDouble(
                        hold -> Duration.between(hold.since(), clock.instant()).toMillis() / 1000.0)
                .max()
                .orElse(0);
    }
}
