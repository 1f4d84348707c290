package io.drover.intake;

import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.serde.KafkaHeaderDeserializer;
import org.apache.camel.spi.ClassResolver;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Shows a record to a trigger's steps. The consumer itself reads bytes only, so that no record can stop it: the author's
 * deserializers, header filter and header deserializer work here, where what they refuse is a dead letter.
 */
final class RecordReader {

    private static final String BYTES = ByteArrayDeserializer.class.getName();
    private static final Set<String> TEXT = Set.of(StringDeserializer.class.getName());

    private final @Nullable Deserializer<?> keys;
    private final @Nullable Deserializer<?> values;
    private final boolean keysAreBytes;
    private final boolean valuesAreText;
    private final HeaderFilterStrategy filter;
    private final KafkaHeaderDeserializer headers;

    private RecordReader(KafkaConfiguration configuration, ClassResolver classes) {
        String key = configuration.getKeyDeserializer();
        String value = configuration.getValueDeserializer();
        Map<String, Object> settings = settings(configuration.createConsumerProperties());
        this.keysAreBytes = BYTES.equals(key);
        this.valuesAreText = TEXT.contains(value);
        this.keys = keysAreBytes || TEXT.contains(key) ? null : deserializer(key, "keyDeserializer", classes);
        this.values = valuesAreText || BYTES.equals(value) ? null : deserializer(value, "valueDeserializer", classes);
        if (keys != null) {
            keys.configure(settings, true);
        }
        if (values != null) {
            values.configure(settings, false);
        }
        this.filter = configuration.getHeaderFilterStrategy();
        this.headers = configuration.getHeaderDeserializer();
    }

    /** Takes over from the consumer, which reads bytes from now on. */
    static RecordReader takeOver(KafkaConfiguration configuration, ClassResolver classes) {
        RecordReader reader = new RecordReader(configuration, classes);
        configuration.setKeyDeserializer(PolledBytes.class.getName());
        configuration.setValueDeserializer(PolledBytes.class.getName());
        configuration.setHeaderFilterStrategy(new NoHeaders());
        return reader;
    }

    private static Map<String, Object> settings(Properties properties) {
        return properties.entrySet().stream()
                .collect(Collectors.toMap(entry -> String.valueOf(entry.getKey()), Map.Entry::getValue));
    }

    private static Deserializer<?> deserializer(String name, String option, ClassResolver classes) {
        Class<?> type = classes.resolveClass(name);
        if (type == null || !Deserializer.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException(
                    "%s: there is no class '%s' that is a Kafka Deserializer; put its jar into lib/"
                            .formatted(option, name));
        }
        try {
            return (Deserializer<?>) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("%s: '%s' cannot be created: %s".formatted(option, name, e), e);
        }
    }

    /** Puts key, payload and headers onto the exchange, as the author's options say. */
    void show(SourceRecord record, Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        for (Header header : record.headers()) {
            if (!filter.applyFilterToExternalHeaders(header.key(), header.value(), exchange)) {
                message.setHeader(header.key(), headers.deserialize(header.key(), header.value()));
            }
        }
        if (record.key() != null) {
            message.setHeader(KafkaConstants.KEY, key(record));
        }
        if (record.payload() != null) {
            message.setBody(payload(record, record.payload()));
        }
    }

    private @Nullable Object key(SourceRecord record) {
        if (keys == null) {
            return keysAreBytes ? record.key() : record.keyText();
        }
        Object key = keys.deserialize(record.topic(), record.headers(), record.key());
        if (key != null && !(key instanceof byte[])) {
            record.keyText(key.toString());
        }
        return key;
    }

    private @Nullable Object payload(SourceRecord record, byte[] bytes) throws Exception {
        if (valuesAreText) {
            return RecordKey.Utf8.decode(bytes);
        }
        return values == null ? bytes : values.deserialize(record.topic(), record.headers(), bytes);
    }

    /** Keeps the consumer from reading headers: a deserializer that refuses one would stop it. */
    private static final class NoHeaders implements HeaderFilterStrategy {

        @Override
        public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
            return true;
        }

        @Override
        public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
            return true;
        }
    }
}
