package io.drover.telemetry;

import io.drover.telemetry.CamelMetricsProperties.Level;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.micrometer.messagehistory.MicrometerMessageHistoryFactory;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Camel's own metrics of routes, and of their steps, where they are asked for: each message costs more with them. */
@Configuration(proxyBeanMethods = false)
class CamelMeters {

    private static final String PREFIX = "camel.";

    /** Steps without an id have other names after each edit of their file, so there would be more and more of them. */
    private static final int MOST = 5_000;

    @Bean
    MeterFilter boundedCamelMeters() {
        Set<Meter.Id> known = ConcurrentHashMap.newKeySet();
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                if (!id.getName().startsWith(PREFIX) || known.contains(id)) {
                    return MeterFilterReply.NEUTRAL;
                }
                if (known.size() >= MOST) {
                    return MeterFilterReply.DENY;
                }
                known.add(id);
                return MeterFilterReply.NEUTRAL;
            }
        };
    }

    @Bean
    CamelContextConfiguration camelMetrics(CamelMetricsProperties properties, ObjectProvider<MeterRegistry> registry) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                if (properties.level() == Level.OFF) {
                    return;
                }
                MicrometerRoutePolicyFactory routes = new MicrometerRoutePolicyFactory();
                routes.setMeterRegistry(registry.getObject());
                routes.setSkipCamelInfo(true);
                routes.getPolicyConfiguration().setContextEnabled(false); // the sum of all routes is a query
                context.addRoutePolicyFactory(routes);
                if (properties.level() == Level.STEPS) {
                    MicrometerMessageHistoryFactory steps = new MicrometerMessageHistoryFactory();
                    steps.setMeterRegistry(registry.getObject());
                    steps.setSkipCamelInfo(true);
                    context.setMessageHistory(true);
                    context.setMessageHistoryFactory(steps);
                }
            }

            @Override
            public void afterApplicationStart(CamelContext context) {}
        };
    }
}
