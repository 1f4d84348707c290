package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

@Quick
class CamelMetersTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final CamelMeters meters = new CamelMeters();

    @ParameterizedTest
    @CsvSource({"off, 0, 0", "routes, 2, 0", "steps, 2, 1"})
    void countsRoutesAndStepsWhereItIsAskedFor(String level, long messages, int steps) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            sendTwo(camel, level);

            assertThat(registry.find("camel.route.policy").tag("routeId", "orders").timers().stream()
                            .mapToLong(Timer::count)
                            .sum())
                    .isEqualTo(messages);
            assertThat(registry.find("camel.message.history")
                            .tag("nodeId", "price")
                            .timers())
                    .hasSize(steps);
        }
    }

    @Test
    void hasNoMoreSeriesThanItsBound() {
        registry.config().meterFilter(meters.boundedCamelMeters());

        for (int i = 0; i < 6_000; i++) {
            registry.counter("camel.exchanges.total", "routeId", "route" + i).increment();
        }
        registry.counter("camel.exchanges.total", "routeId", "route1").increment();
        registry.counter("agent.tasks.started").increment();

        assertThat(registry.getMeters()).hasSize(5_001);
        assertThat(registry.get("camel.exchanges.total")
                        .tag("routeId", "route1")
                        .counter()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void refusesAnotherWord() {
        assertThatThrownBy(() -> new CamelMetricsProperties("all"))
                .hasMessage("drover.metrics.camel (all) must be off, routes or steps");
    }

    private void sendTwo(DefaultCamelContext camel, String level) throws Exception {
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("registry", registry);
        meters.camelMetrics(new CamelMetricsProperties(level), beans.getBeanProvider(MeterRegistry.class))
                .beforeApplicationStart(camel);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:orders").routeId("orders").setBody(constant("x")).id("price");
            }
        });
        camel.start();
        camel.createProducerTemplate().sendBody("direct:orders", "1");
        camel.createProducerTemplate().sendBody("direct:orders", "2");
    }
}
