package io.drover.task;

import io.drover.journal.Signals;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Deletes the signals that no task will wait for any more. */
@Component
class SignalRetention extends Retention {

    SignalRetention(SignalProperties properties, Signals signals) {
        super(
                "signal-retention",
                Duration.ofMinutes(1),
                properties.keep(),
                "{} signals were older than {} and are deleted",
                most -> signals.forget(properties.keep(), most));
    }
}
