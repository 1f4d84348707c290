package io.drover.task;

import io.drover.start.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Signals.
 *
 * @param keep how long a signal is kept for tasks that will wait for it. Defaults to 7 days.
 */
@ConfigurationProperties("drover.signals")
public record SignalProperties(@DefaultValue("7d") Duration keep) {

    public SignalProperties {
        Bounds.ofTime("1m", "3650d", "7d").check("drover.signals.keep", keep);
    }
}
