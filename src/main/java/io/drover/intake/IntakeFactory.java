package io.drover.intake;

import io.drover.journal.Recovery;
import io.drover.journal.SetAside;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Makes an {@link Intake} for each Kafka trigger. */
@Component
class IntakeFactory {

    private final DeadLetterListener listener;
    private final SetAside setAside;
    private final SkippedRecords skipped;
    private final Recovery recovery;

    IntakeFactory(DeadLetterListener listener, SetAside setAside, SkippedRecords skipped, Recovery recovery) {
        this.listener = listener;
        this.setAside = setAside;
        this.skipped = skipped;
        this.recovery = recovery;
    }

    Intake create(KafkaTriggerEndpoint source, RecordReader reader, Processor route) {
        return new Intake(
                route, reader, new DeadLetters(source, listener, setAside), skipped, new KafkaRewind(recovery));
    }
}
