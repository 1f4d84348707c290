package io.drover.telemetry;

import io.drover.intake.DeadLetterListener;
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
        aside(topic);
    }

    @Override
    public void deadLettered(String topic) {
        letters(topic).increment();
    }

    @Override
    public void setAside(String topic) {
        aside(topic).increment();
    }

    private Counter aside(String topic) {
        return Counter.builder("agent.records.set.aside")
                .description(
                        "Records that neither became tasks nor were accepted by the dead letter topic; they are in the database.")
                .tag("topic", topic)
                .register(registry);
    }

    private Counter letters(String topic) {
        return Counter.builder("agent.dead.letters")
                .description("Records that could not become tasks and are in the dead letter topic.")
                .tag("topic", topic)
                .register(registry);
    }
}
