package io.drover.telemetry;

import io.drover.audit.AuditState;
import io.drover.audit.Checkpoint;
import io.drover.audit.Checkpoints;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** The audit log, as this process saw it last. */
@Component
class AuditMeters {

    AuditMeters(Checkpoints checkpoints, MeterRegistry registry) {
        gauge(
                "agent.audit.root",
                "The first 52 bits of the root of the audit log's last checkpoint, as a number.",
                checkpoints,
                state -> ofLast(state, Checkpoint::rootBits),
                registry);
        gauge(
                "agent.audit.size",
                "The number of leaves under the audit log's last checkpoint.",
                checkpoints,
                state -> ofLast(state, Checkpoint::size),
                registry);
        gauge(
                "agent.audit.broken.chains",
                "Chains of the audit log that are not what their hashes say.",
                checkpoints,
                AuditState::broken,
                registry);
        Gauge.builder(
                        "agent.audit.unsealed.age",
                        checkpoints,
                        now -> now.state().unsealed().toMillis() / 1000.0)
                .description("How long the oldest row of the audit log has been under no checkpoint.")
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }

    private static void gauge(
            String name,
            String description,
            Checkpoints checkpoints,
            ToDoubleFunction<AuditState> value,
            MeterRegistry registry) {
        Gauge.builder(name, checkpoints, now -> value.applyAsDouble(now.state()))
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private static double ofLast(AuditState state, ToDoubleFunction<Checkpoint> value) {
        Checkpoint last = state.last();
        return last == null ? 0 : value.applyAsDouble(last);
    }
}
