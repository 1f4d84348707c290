package io.drover.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import io.drover.start.Listeners;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** What is committed while a trigger stops: a window too short for a test with a broker to meet. */
@Quick
class IntakeTest {

    private final List<Long> committed = new ArrayList<>();
    private Exception failure;

    @Test
    void commitsNothingAfterARecordThatIsLeftUntilTheTriggerStartsAnew() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            KafkaTriggerComponent component = new KafkaTriggerComponent(null);
            component.setCamelContext(context);
            KafkaTriggerEndpoint endpoint = new KafkaTriggerEndpoint("kafka:orders", component, null);
            endpoint.getConfiguration().setTopic("orders");
            endpoint.setCamelContext(context);
            RecordReader reader = RecordReader.takeOver(endpoint.getConfiguration(), context.getClassResolver());
            Intake intake = new Intake(
                    taken -> taken.setException(failure),
                    reader,
                    new DeadLetters(endpoint, new Listeners<>(List.of()), null),
                    new SkippedRecords(null),
                    null,
                    null);

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

    /** A poll that brought one record. */
    private void take(Intake intake, KafkaTriggerEndpoint endpoint, long offset) {
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setHeader(KafkaConstants.TOPIC, "orders");
        exchange.getMessage().setHeader(KafkaConstants.PARTITION, 0);
        exchange.getMessage().setHeader(KafkaConstants.OFFSET, offset);
        exchange.getMessage().setHeader(KafkaConstants.LAST_RECORD_BEFORE_COMMIT, true);
        exchange.getMessage().setHeader(KafkaConstants.MANUAL_COMMIT, (KafkaManualCommit) () -> committed.add(offset));
        intake.process(exchange);
    }
}
