package io.drover.intake;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the client that a consumer's thread made. Camel does not close it where an Error ends the thread, and as long as
 * it lives it keeps its partitions from the one that comes after it.
 * Before a client leaves its group, the thread's last word is asked: afterwards it cannot commit.
 */
record OwnedClients(KafkaClientFactory factory) implements KafkaClientFactory {

    private static final Logger LOG = LoggerFactory.getLogger(OwnedClients.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final ThreadLocal<Consumer<?, ?>> MINE = new ThreadLocal<>();
    private static final ThreadLocal<Runnable> LAST_WORD = new ThreadLocal<>();

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
        return (Consumer<?, ?>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(),
                new Class<?>[] {Consumer.class},
                (proxy, method, arguments) -> invoke(made, method, arguments));
    }

    private static @Nullable Object invoke(Consumer<?, ?> client, Method method, Object @Nullable [] arguments)
            throws Throwable {
        Runnable lastWord = LAST_WORD.get();
        if (lastWord != null && method.getName().equals("unsubscribe")) {
            lastWord.run();
        }
        try {
            return method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    /** Is run by the calling thread before its client leaves the group because the trigger stops. */
    static void beforeLeaving(Runnable lastWord) {
        LAST_WORD.set(lastWord);
    }

    @Override
    public String getBrokers(KafkaConfiguration configuration) {
        return factory.getBrokers(configuration);
    }

    private static Consumer<?, ?> mine() {
        Consumer<?, ?> client = MINE.get();
        if (client == null) {
            throw new IllegalStateException("no consumer was made by " + Thread.currentThread());
        }
        return client;
    }

    /** Which sharing of partitions the calling thread's client takes part in; another number after each new one. */
    static int generation() {
        return mine().groupMetadata().generationId();
    }

    /** Commits for the calling thread's client that it goes on with the offset. */
    static void commit(String topic, int partition, long offset) {
        mine().commitSync(Map.of(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)), PATIENCE);
    }

    /** Has the calling thread's client read on from the offset, if it keeps the partition. */
    static void seek(String topic, int partition, long offset) {
        TopicPartition part = new TopicPartition(topic, partition);
        if (mine().assignment().contains(part)) {
            mine().seek(part, offset);
        }
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
