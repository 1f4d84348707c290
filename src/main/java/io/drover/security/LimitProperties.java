package io.drover.security;

import io.drover.start.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What one caller may take of a process.
 *
 * @param requestsPerSecond of each caller; 0 for any number
 */
@ConfigurationProperties("drover.security.limits")
record LimitProperties(@DefaultValue("0") int requestsPerSecond) {

    LimitProperties {
        Bounds.of(0, 1_000_000, 200).check("drover.security.limits.requests-per-second", requestsPerSecond);
    }
}
