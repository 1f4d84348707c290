package io.drover.telemetry;

import io.drover.trace.SpanIds;
import io.drover.trace.Traces;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.opentelemetry2.OpenTelemetryTracer;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Traces leave the process by OTLP when {@code OTEL_EXPORTER_OTLP_ENDPOINT} names a receiver.
 * OpenTelemetry's other settings ({@code OTEL_*}, or {@code otel.*} as properties) work as documented there.
 */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    /** Endpoints for which Camel makes no spans: we do, or nothing leaves the process. */
    private static final String OURS = "task:*,tool:*,agent:*,platform-http:*,direct:*,log:*";

    private static final String ENDPOINT = "otel.exporter.otlp.endpoint";

    @Bean
    OpenTelemetry openTelemetry(Environment environment) {
        if (environment.getProperty(ENDPOINT, "").isBlank()
                && environment
                        .getProperty("otel.exporter.otlp.traces.endpoint", "")
                        .isBlank()) {
            return OpenTelemetry.noop();
        }
        return AutoConfiguredOpenTelemetrySdk.builder()
                .addPropertiesSupplier(() -> defaults(environment))
                .addPropertiesCustomizer(config -> named(environment))
                .addTracerProviderCustomizer((provider, config) -> provider.setIdGenerator(new SpanIds()))
                .disableShutdownHook() // Spring closes it, after the last attempt
                .build()
                .getOpenTelemetrySdk();
    }

    private static Map<String, String> defaults(Environment environment) {
        return Map.of(
                "otel.service.name", environment.getProperty("spring.application.name", "drover"),
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.metrics.exporter", "none",
                "otel.logs.exporter", "none");
    }

    private static Map<String, String> named(Environment environment) {
        Map<String, String> named = new HashMap<>();
        Binder.get(environment)
                .bind("otel", Bindable.mapOf(String.class, String.class))
                .ifBound(values -> values.forEach((name, value) -> named.put("otel." + name, value)));
        return named;
    }

    /** Camel's own spans, of what tools and triggers send and receive; ours are those of tasks, tools and agents. */
    @Bean
    CamelContextConfiguration camelTraces(OpenTelemetry telemetry, Traces traces) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                if (traces.isOn()) {
                    context.getRegistry().bind("droverTracer", telemetry.getTracer("io.drover"));
                    context.getRegistry().bind("droverPropagators", telemetry.getPropagators());
                    OpenTelemetryTracer tracer = new OpenTelemetryTracer();
                    tracer.setExcludePatterns(OURS);
                    tracer.init(context);
                }
            }

            @Override
            public void afterApplicationStart(CamelContext context) {}
        };
    }
}
