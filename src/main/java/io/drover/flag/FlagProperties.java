package io.drover.flag;

import io.drover.start.Bounds;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Feature flags.
 *
 * @param provider {@code file}: they stand in {@code flags.yaml} among the routes; {@code bean}: a bean of yours, an
 *     OpenFeature {@code FeatureProvider}, knows them. Defaults to {@code file}.
 * @param timeout  how long a task waits for the answer of such a bean, and a start for it to be ready. Defaults to 1 s.
 */
@ConfigurationProperties("drover.flags")
public record FlagProperties(@DefaultValue("file") Provider provider, @DefaultValue("1s") Duration timeout) {

    /** Who knows the flags. */
    public enum Provider {
        FILE,
        BEAN
    }

    public FlagProperties {
        Bounds.ofTime("1ms", "1m", "1s").check("drover.flags.timeout", timeout);
    }
}
