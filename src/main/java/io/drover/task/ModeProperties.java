package io.drover.task;

import io.drover.journal.Mode;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The mode of tasks.
 *
 * @param mode of tasks for which none is given: live or dry-run. Defaults to live.
 */
@ConfigurationProperties("drover")
public record ModeProperties(@DefaultValue("live") Mode mode) {

    public ModeProperties {
        if (mode == Mode.SHADOW) {
            throw new IllegalArgumentException("drover.mode (shadow) must be live or dry-run");
        }
    }
}
