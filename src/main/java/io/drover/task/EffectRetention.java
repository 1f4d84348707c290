package io.drover.task;

import io.drover.journal.EffectKeys;
import java.time.Duration;
import org.springframework.stereotype.Component;

/** Forgets old effect keys. */
@Component
class EffectRetention extends Retention {

    EffectRetention(EffectProperties properties, EffectKeys keys) {
        super(
                "effect-retention",
                Duration.ofMinutes(2),
                properties.keepKeys(),
                "{} effect keys were older than {} and are forgotten",
                most -> keys.forget(properties.keepKeys(), most));
    }
}
