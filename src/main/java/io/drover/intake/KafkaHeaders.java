package io.drover.intake;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.camel.component.kafka.serde.KafkaHeaderDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Headers of records stay bytes, but for those of W3C Trace Context, which tracing reads as text. */
@Component("kafkaHeaders")
class KafkaHeaders implements KafkaHeaderDeserializer {

    private static final Set<String> TRACE = Set.of("traceparent", "tracestate");

    @Override
    public @Nullable Object deserialize(String name, byte @Nullable [] value) {
        return TRACE.contains(name) && value != null ? new String(value, StandardCharsets.UTF_8) : value;
    }
}
