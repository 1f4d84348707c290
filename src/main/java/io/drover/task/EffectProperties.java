package io.drover.task;

import io.drover.start.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Effect keys.
 *
 * @param keepKeys how long the effect of a call is not had again. Defaults to 90 days.
 */
@ConfigurationProperties("drover.effects")
public record EffectProperties(@DefaultValue("90d") Duration keepKeys) {

    public EffectProperties {
        Bounds.ofTime("1d", "36500d", "90d").check("drover.effects.keep-keys", keepKeys);
    }
}
