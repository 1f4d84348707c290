package io.drover.intake;

import java.time.Duration;
import java.util.Properties;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the client that a consumer's thread made. Camel does not close it where an Error ends the thread, and as long as
 * it lives it keeps its partitions from the one that comes after it.
 */
record OwnedClients(KafkaClientFactory factory) implements KafkaClientFactory {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedClients.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ThreadLocal<Consumer<?, ?>> MINE = new ThreadLocal<>();

    @Override
    @SuppressWarnings("rawtypes") // as Camel declares it
    public Producer getProducer(Properties properties) {
        return factory.getProducer(properties);
    }

    @Override
    @SuppressWarnings("rawtypes") // as Camel declares it
    public Consumer getConsumer(Properties properties) {
        Consumer<?, ?> made = factory.getConsumer(properties);
        MINE.set(made);
        return made;
    }

    @Override
    public String getBrokers(KafkaConfiguration configuration) {
        return factory.getBrokers(configuration);
    }

    /** Closes the last client of the calling thread; it does nothing where that is closed already. */
    static void closeMine() {
        Consumer<?, ?> client = MINE.get();
        MINE.remove();
        if (client != null) {
            try {
                client.close(PATIENCE);
            } catch (Exception | Error e) {
                LOG.warn("a Kafka client could not be closed: {}", e.toString());
            }
        }
    }
}
