package io.drover.intake;

import io.drover.journal.KnownTopics;
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
    private final KnownTopics topics;

    IntakeFactory(
            DeadLetterListener listener,
            SetAside setAside,
            SkippedRecords skipped,
            Recovery recovery,
            KnownTopics topics) {
        this.listener = listener;
        this.setAside = setAside;
        this.skipped = skipped;
        this.recovery = recovery;
        this.topics = topics;
    }

    Intake create(KafkaTriggerEndpoint source, RecordReader reader, Processor route) {
        return new Intake(
                route,
                reader,
                new DeadLetters(source, listener, setAside),
                skipped,
                new KafkaRewind(recovery),
                new TopicNames(source, topics));
    }
}
