package io.drover.api;

import io.drover.start.Bounds;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Streams of the events of tasks.
 *
 * @param maxStreams how many clients of one process may follow tasks at the same time. Defaults to 200.
 */
@ConfigurationProperties("drover.events")
record EventProperties(@DefaultValue("200") int maxStreams) {

    EventProperties {
        Bounds.of(1, 100_000, 200).check("drover.events.max-streams", maxStreams);
    }
}
