package io.drover.jobs;

import io.drover.start.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The worker Jobs that a dispatcher makes.
 *
 * @param template the CronJob, usually suspended, whose {@code jobTemplate} is theirs. Defaults to
 *                 {@code drover-worker}.
 * @param max      how many may exist concurrently; failed Jobs count until Kubernetes removes them. Defaults to 10.
 */
@ConfigurationProperties("drover.jobs")
record JobProperties(@DefaultValue("drover-worker") String template, @DefaultValue("10") int max) {

    JobProperties {
        Bounds.of(1, 10_000, 10).check("drover.jobs.max", max);
    }
}
