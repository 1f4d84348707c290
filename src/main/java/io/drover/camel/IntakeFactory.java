package io.drover.camel;

import io.drover.journal.Recovery;
import org.apache.camel.CamelContext;
import org.springframework.stereotype.Component;

/** Makes an {@link Intake} for each Kafka trigger. */
@Component
class IntakeFactory {

    private final DeadLetterListener listener;
    private final Recovery recovery;

    IntakeFactory(DeadLetterListener listener, Recovery recovery) {
        this.listener = listener;
        this.recovery = recovery;
    }

    Intake create(CamelContext context) {
        return new Intake(new DeadLetters(context, listener), new KafkaRewind(recovery));
    }
}
