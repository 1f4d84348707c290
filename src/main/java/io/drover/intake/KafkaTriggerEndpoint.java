package io.drover.intake;

import io.drover.route.check.TriggerOptions;
import io.drover.route.check.UnawaitedComponents;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.kafka.KafkaClientFactory;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.camel.component.kafka.KafkaConsumer;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.component.kafka.PollOnError;
import org.apache.camel.component.kafka.consumer.KafkaManualCommitFactory;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.EventDrivenPollingConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka endpoint. What consumes from it is a trigger, whatever way it came into being: {@link KafkaIntake} stands between the
 * consumer and the route, and the consumer's threads are owned by {@link ConsumerThreads}.
 */
final class KafkaTriggerEndpoint extends KafkaEndpoint {

    private @Nullable RecordReader reader;
    private volatile @Nullable KafkaIntake latest;

    KafkaTriggerEndpoint(String uri, KafkaTriggerComponent component) {
        super(uri, component);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (processor instanceof EventDrivenPollingConsumer) {
            throw new IllegalArgumentException(UnawaitedComponents.polled("kafka"));
        }
        KafkaIntake made = ((KafkaTriggerComponent) getComponent()).intake(this, reader(), processor);
        Consumer consumer = super.createConsumer(made);
        String led = Delegates.routeOf(this);
        if (led != null && consumer instanceof RouteIdAware aware) {
            aware.setRouteId(led); // master: makes it outside of any route
        }
        latest = made;
        return consumer;
    }

    /** What the endpoint's last consumer gives its records to, while it runs. */
    @Nullable
    KafkaIntake running() {
        KafkaIntake made = latest;
        return made == null || !made.isStarted() ? null : made;
    }

    /** Refuses what counts as sent before a broker has it, wherever the option comes from. */
    @Override
    public Producer createProducer() throws Exception {
        String problem = UnawaitedComponents.problem("kafka", this::option);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        return super.createProducer();
    }

    private String option(String name) {
        KafkaConfiguration configuration = getConfiguration();
        Object value =
                switch (name) {
                    case "requestRequiredAcks" -> configuration.getRequestRequiredAcks();
                    case "transacted" -> configuration.isTransacted();
                    case "transactionalId" -> configuration.getTransactionalId();
                    default ->
                        configuration
                                .getAdditionalProperties()
                                .get(name.substring(KafkaTriggerComponent.ADDITIONAL.length()));
                };
        return Objects.toString(value, "");
    }

    @Override
    public @Nullable KafkaClientFactory getKafkaClientFactory() {
        KafkaClientFactory factory = super.getKafkaClientFactory();
        return factory == null ? null : new OwnedClients(factory);
    }

    /** None, so that Camel commits nothing by itself. */
    @Override
    public @Nullable KafkaManualCommitFactory getKafkaManualCommitFactory() {
        return null;
    }

    private synchronized RecordReader reader() {
        if (reader == null) {
            KafkaConfiguration configuration = getConfiguration();
            List<String> problems = TriggerOptions.problems(configuration);
            if (!problems.isEmpty()) {
                throw new IllegalArgumentException(String.join("; ", problems));
            }
            reader = RecordReader.takeOver(configuration, getCamelContext().getClassResolver());
            configuration.setTopic(Arrays.stream(configuration.getTopic().split(","))
                    .map(String::strip)
                    .collect(Collectors.joining(",")));
            configuration.setAllowManualCommit(true);
            // Any other way passes records over, or asks again and again without a pause: the owner of the threads
            // restarts.
            configuration.setPollOnError(PollOnError.STOP);
        }
        return reader;
    }

    @Override
    public ExecutorService createExecutor(Object source) {
        return source instanceof KafkaConsumer consumer && consumer.getProcessor() instanceof KafkaIntake intake
                ? new ConsumerThreads(consumer, intake)
                : super.createExecutor(source);
    }
}
