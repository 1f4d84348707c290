package io.drover.telemetry;

import io.drover.intake.KafkaTriggers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/**
 * Whether the brokers answer, if a trigger reads from them.
 * If they do not, the process stays ready.
 * HTTP, console and workers need PostgreSQL only, and the triggers continue by themselves when the brokers are back.
 */
@Component("kafkaHealthIndicator")
class KafkaHealth implements HealthIndicator, Look {

    private static final String DEGRADED = "DEGRADED";

    /** About a minute: a client whose own thread has ended never answers again. */
    private static final int FAILURES_UNTIL_ANOTHER_CLIENT = 10;

    private final KafkaTriggers triggers;
    private final KafkaBrokers brokers;
    private int failures;
    private volatile Health state =
            Health.unknown().withDetail("reason", "not looked at yet").build();

    KafkaHealth(KafkaTriggers triggers, KafkaBrokers brokers, MeterRegistry registry) {
        this.triggers = triggers;
        this.brokers = brokers;
        Gauge.builder("agent.kafka.away", this, health -> health.isAway() ? 1 : 0)
                .description("1 while no broker that this process's triggers read from answers.")
                .register(registry);
    }

    private boolean isAway() {
        return state.getStatus().getCode().equals(DEGRADED);
    }

    /**
     * A trigger whose consumer has ended is reported, but the process stays in its Service: other triggers continue.
     */
    @Override
    public Health health() {
        Map<String, String> problems = triggers.problems();
        if (problems.isEmpty() || !state.getStatus().equals(Status.UP)) {
            return state;
        }
        Health.Builder health = Health.status(DEGRADED).withDetails(state.getDetails());
        problems.forEach((trigger, cause) ->
                health.withDetail("trigger " + trigger, "DOWN: its consumer ended and starts again: " + cause));
        return health.build();
    }

    @Override
    public String what() {
        return "kafka";
    }

    @Override
    public void look() {
        if (!triggers.isPresent()) {
            state = Health.up()
                    .withDetail("reason", "no trigger reads from Kafka")
                    .build();
            return;
        }
        if (!brokers.areNamed()) {
            state = Health.up()
                    .withDetail("reason", "the triggers name their own brokers")
                    .build();
            return;
        }
        try {
            int answering = brokers.client()
                    .describeCluster()
                    .nodes()
                    .get(KafkaBrokers.PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .size();
            state = Health.up().withDetail("brokers", answering).build();
            failures = 0;
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            state = Health.status(DEGRADED)
                    .withDetail("reason", "the brokers do not answer: " + e.getMessage())
                    .build();
            if (++failures % FAILURES_UNTIL_ANOTHER_CLIENT == 0) {
                brokers.close(); // the next look opens another
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
