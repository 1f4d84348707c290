package io.drover.telemetry;

import io.drover.route.RouteFiles;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.stereotype.Component;

/** The meters of the route files. */
@Component
class RouteMeters {

    RouteMeters(MeterRegistry registry, RouteFiles files) {
        Gauge.builder("agent.route.files.broken", files, all -> all.problems().size())
                .description("Route files whose current version is not in force.")
                .register(registry);
    }
}
