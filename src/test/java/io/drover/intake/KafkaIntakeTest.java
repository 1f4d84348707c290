package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.start.Listeners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.processor.DelegateAsyncProcessor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is committed while a trigger stops: a window too short for a test with a broker to meet. */
@Quick
class KafkaIntakeTest {

    private final List<Long> committed = new ArrayList<>();
    private Exception failure;

    @Test
    void commitsNothingAfterARecordThatIsLeftUntilTheTriggerStartsAnew() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            KafkaTriggerEndpoint endpoint = endpoint(context);
            KafkaIntake intake = intake(endpoint, taken -> taken.setException(failure));

            failure = new IllegalArgumentException("no JSON");
            Thread.currentThread().interrupt(); // as Camel does with a consumer that does not stop
            take(intake, endpoint, 1);
            assertThat(Thread.interrupted()).isTrue();
            failure = null;
            take(intake, endpoint, 2);
            assertThat(committed).isEmpty();

            intake.begin();
            take(intake, endpoint, 1);
            assertThat(committed).containsExactly(1L);
        }
    }

    @Test
    @Timeout(60)
    void aRecordThatFailsBecauseItsRouteIsStoppedFirstComesAgain() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            KafkaTriggerEndpoint endpoint = endpoint(context);
            DelegateAsyncProcessor route = new DelegateAsyncProcessor((Processor) taken -> taken.setException(failure));
            KafkaIntake intake = intake(endpoint, route);
            intake.start();
            take(intake, endpoint, 1);
            assertThat(committed).containsExactly(1L);

            route.stop();
            failure = new IllegalStateException("SendProcessor has not been started");
            take(intake, endpoint, 2);
            assertThat(committed).containsExactly(1L);
        }
    }

    /** Whoever reads it next may have another workflow for it: then it would be two tasks. */
    @Test
    @Timeout(60)
    void whatIsDurableBeforeTheTriggerStopsDoesNotComeAgain() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            KafkaTriggerEndpoint endpoint = endpoint(context);
            DelegateAsyncProcessor route = new DelegateAsyncProcessor((Processor) taken -> taken.setException(failure));
            KafkaIntake intake = intake(endpoint, route);
            intake.start();
            take(intake, endpoint, 1, false);
            take(intake, endpoint, 2, false);

            route.stop();
            failure = new IllegalStateException("SendProcessor has not been started");
            take(intake, endpoint, 3, false);
            take(intake, endpoint, 4, true);

            assertThat(committed).containsExactly(2L);
        }
    }

    private static KafkaTriggerEndpoint endpoint(DefaultCamelContext context) {
        KafkaTriggerComponent component =
                new KafkaTriggerComponent(List.of(), null, null, null, null, Optional.empty());
        component.setCamelContext(context);
        KafkaTriggerEndpoint endpoint = new KafkaTriggerEndpoint("kafka:orders", component);
        endpoint.getConfiguration().setTopic("orders");
        endpoint.setCamelContext(context);
        return endpoint;
    }

    private static KafkaIntake intake(KafkaTriggerEndpoint endpoint, Processor route) {
        RecordReader reader = RecordReader.takeOver(
                endpoint.getConfiguration(), endpoint.getCamelContext().getClassResolver());
        DeadLetters deadLetters =
                new DeadLetters(endpoint, new Listeners<>(List.of()), null, DeadLetterTopic.Patience.USUAL);
        return new KafkaIntake(route, reader, deadLetters, new SkippedRecords(null), null, null);
    }

    /** A poll that brought one record. */
    private void take(KafkaIntake intake, KafkaTriggerEndpoint endpoint, long offset) {
        take(intake, endpoint, offset, true);
    }

    /** @param last whether the poll brought no more of the partition */
    private void take(KafkaIntake intake, KafkaTriggerEndpoint endpoint, long offset, boolean last) {
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setHeader(KafkaConstants.TOPIC, "orders");
        exchange.getMessage().setHeader(KafkaConstants.PARTITION, 0);
        exchange.getMessage().setHeader(KafkaConstants.OFFSET, offset);
        exchange.getMessage().setHeader(KafkaConstants.LAST_RECORD_BEFORE_COMMIT, last);
        exchange.getMessage().setHeader(KafkaConstants.MANUAL_COMMIT, (KafkaManualCommit) () -> committed.add(offset));
        intake.process(exchange);
    }
}
