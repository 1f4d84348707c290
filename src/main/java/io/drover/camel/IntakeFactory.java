package io.drover.camel;

import org.apache.camel.CamelContext;
import org.springframework.stereotype.Component;

/** Makes an {@link Intake} for each Kafka trigger. */
@Component
class IntakeFactory {

    private final DeadLetterListener listener;

    IntakeFactory(DeadLetterListener listener) {
        this.listener = listener;
    }

    Intake create(CamelContext context) {
        return new Intake(new DeadLetters(context, listener));
    }
}
