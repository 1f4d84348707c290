package io.drover.telemetry;

import io.drover.json.Excerpt;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The metrics that Camel itself counts.
 *
 * @param camel {@code off}; {@code routes} counts the messages of each route; {@code steps} those of each step, too.
 *              Defaults to off
 */
@ConfigurationProperties("drover.metrics")
record CamelMetricsProperties(@DefaultValue("off") String camel) {

    CamelMetricsProperties {
        parsed(camel);
    }

    enum Level {
        OFF,
        ROUTES,
        STEPS
    }

    Level level() {
        return parsed(camel);
    }

    private static Level parsed(String said) {
        return switch (said.strip().toLowerCase(Locale.ROOT)) {
            case "off", "false" -> Level.OFF; // YAML reads off as false
            case "routes" -> Level.ROUTES;
            case "steps" -> Level.STEPS;
            default ->
                throw new IllegalArgumentException(
                        "drover.metrics.camel (%s) must be off, routes or steps".formatted(Excerpt.of(said, 100)));
        };
    }
}
