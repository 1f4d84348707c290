package io.drover.security;

import io.drover.start.Bounds;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * A separate port for what monitors the process.
 *
 * @param port where the probes and the metrics are, beside the port of everything; 0 for any free port; none if it is not
 *     set
 */
@ConfigurationProperties("drover.management")
record ManagementProperties(@Nullable Integer port) {

    ManagementProperties {
        Bounds.of(0, 65_535, 8081).check("drover.management.port", port);
    }
}
