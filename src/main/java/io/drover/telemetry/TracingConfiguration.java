package io.drover.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Traces leave the process by OTLP once {@code OTEL_EXPORTER_OTLP_ENDPOINT} names a receiver; OpenTelemetry's other settings
 * ({@code OTEL_*}, or {@code otel.*} as properties) hold as they are documented there.
 */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

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
}
