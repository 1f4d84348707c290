package io.drover.telemetry;

import io.drover.camel.DeadLetterListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** The meters of triggers. */
@Component
class IntakeMeters implements DeadLetterListener {

    private final MeterRegistry registry;

    IntakeMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Begins the topic's counter at zero. */
    void begin(String topic) {
        letters(topic);
    }

    @Override
    public void deadLettered(String topic) {
        letters(topic).increment();
    }

    private Counter letters(String topic) {
        return Counter.builder("agent.dead.letters")
                .description("Records that could not become tasks and are in the dead letter topic.")
                .tag("topic", topic)
                .register(registry);
    }
}
