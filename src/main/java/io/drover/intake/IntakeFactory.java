package io.drover.intake;

import io.drover.journal.KnownTopics;
import io.drover.journal.Recovery;
import io.drover.journal.SetAside;
import io.drover.start.Listeners;
import java.util.List;
import org.apache.camel.Processor;
import org.springframework.stereotype.Component;

/** Makes an {@link Intake} for each Kafka trigger. */
@Component
class IntakeFactory {

    private final Listeners<DeadLetterListener> listeners;
    private final SetAside setAside;
    private final SkippedRecords skipped;
    private final Recovery recovery;
    private final KnownTopics topics;

    IntakeFactory(
            List<DeadLetterListener> listeners,
            SetAside setAside,
            SkippedRecords skipped,
            Recovery recovery,
            KnownTopics topics) {
        this.listeners = new Listeners<>(listeners);
        this.setAside = setAside;
        this.skipped = skipped;
        this.recovery = recovery;
        this.topics = topics;
    }

    Intake create(KafkaTriggerEndpoint source, RecordReader reader, Processor route) {
        return new Intake(
                route,
                reader,
                new DeadLetters(source, listeners, setAside),
                skipped,
                new KafkaRewind(recovery),
                new TopicNames(source, topics));
    }
}
