package io.drover.camel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.KafkaManualCommit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** What is committed while a trigger stops: a window too short for a test with a broker to meet. */
class IntakeTest {

    private final List<Long> committed = new ArrayList<>();

    @Test
    void commitsNothingAfterARecordThatIsLeftUntilTheTriggerStartsAnew() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kafka:orders?brokers=127.0.0.1:1")
                            .routeId("orders")
                            .autoStartup(false)
                            .log("taken");
                }
            });
            context.start();
            Route route = context.getRoute("orders");
            Intake intake = new Intake(new DeadLetters(context, topic -> {}), null);

            Thread.currentThread().interrupt(); // as Camel does with a consumer that does not stop
            take(intake, route, 1, new IllegalArgumentException("no JSON"));
            assertThat(Thread.interrupted()).isTrue();
            take(intake, route, 2, null);
            assertThat(committed).isEmpty();

            intake.onStart(route);
            take(intake, route, 1, null);
            assertThat(committed).containsExactly(1L);
        }
    }

    /** A poll that brought one record. */
    private void take(Intake intake, Route route, long offset, Exception failure) {
        Exchange exchange = route.getEndpoint().createExchange();
        exchange.getMessage().setHeader(KafkaConstants.TOPIC, "orders");
        exchange.getMessage().setHeader(KafkaConstants.PARTITION, 0);
        exchange.getMessage().setHeader(KafkaConstants.OFFSET, offset);
        exchange.getMessage().setHeader(KafkaConstants.LAST_RECORD_BEFORE_COMMIT, true);
        exchange.getMessage().setHeader(KafkaConstants.MANUAL_COMMIT, (KafkaManualCommit) () -> committed.add(offset));
        intake.onExchangeBegin(route, exchange);
        exchange.setException(failure);
        intake.onExchangeDone(route, exchange);
    }
}
