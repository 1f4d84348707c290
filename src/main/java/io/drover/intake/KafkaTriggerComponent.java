package io.drover.intake;

import io.drover.journal.KnownTopics;
import io.drover.journal.Recovery;
import io.drover.journal.SetAside;
import io.drover.start.Listeners;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaComponentConfigurer;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.KafkaEndpointConfigurer;
import org.apache.camel.spi.PropertyConfigurer;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.util.PropertiesHelper;
import org.springframework.stereotype.Component;

/** Camel's {@code kafka:}, whose consumers are triggers: {@link KafkaTriggerEndpoint}. */
@Component("kafka")
class KafkaTriggerComponent extends KafkaComponent {

    static final String ADDITIONAL = "additionalProperties.";

    private final Listeners<DeadLetterListener> listeners;
    private final SetAside setAside;
    private final SkippedRecords skipped;
    private final Recovery recovery;
    private final KnownTopics topics;
    private final DeadLetterTopic.Patience patience;

    KafkaTriggerComponent(
            List<DeadLetterListener> listeners,
            SetAside setAside,
            SkippedRecords skipped,
            Recovery recovery,
            KnownTopics topics,
            Optional<DeadLetterTopic.Patience> patience) {
        this.listeners = new Listeners<>(listeners);
        this.setAside = setAside;
        this.skipped = skipped;
        this.recovery = recovery;
        this.topics = topics;
        this.patience = patience.orElse(DeadLetterTopic.Patience.USUAL);
    }

    /** What takes in the records of a trigger. */
    KafkaIntake intake(KafkaTriggerEndpoint source, RecordReader reader, Processor route) {
        DeadLetters deadLetters = new DeadLetters(source, listeners, setAside, patience);
        TopicNames names = new TopicNames(source, topics);
        return new KafkaIntake(route, reader, deadLetters, skipped, new KafkaRewind(recovery), names);
    }

    /** As Camel makes one. */
    @Override
    protected KafkaEndpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters)
            throws Exception {
        if (remaining == null || remaining.isBlank()) {
            throw new IllegalArgumentException("kafka: names no topic; write kafka:<topic>");
        }
        Map<String, Object> additional = PropertiesHelper.extractProperties(parameters, ADDITIONAL);
        KafkaTriggerEndpoint endpoint = new KafkaTriggerEndpoint(uri, this);
        endpoint.setConfiguration(getConfiguration().copy());
        setProperties(endpoint, parameters);
        if (endpoint.getConfiguration().getSslContextParameters() == null) {
            endpoint.getConfiguration().setSslContextParameters(retrieveGlobalSslContextParameters());
        }
        if (!additional.isEmpty()) {
            Map<String, Object> resolved = new HashMap<>();
            PropertyBindingSupport.bindProperties(getCamelContext(), resolved, additional);
            endpoint.getConfiguration().getAdditionalProperties().putAll(resolved);
        }
        if (endpoint.getConfiguration().getTopic() == null) {
            endpoint.getConfiguration().setTopic(remaining);
        }
        return endpoint;
    }

    @Override
    public PropertyConfigurer getComponentPropertyConfigurer() {
        return new KafkaComponentConfigurer();
    }

    @Override
    public PropertyConfigurer getEndpointPropertyConfigurer() {
        return new KafkaEndpointConfigurer();
    }
}
