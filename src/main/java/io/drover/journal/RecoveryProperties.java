package io.drover.journal;

import io.drover.start.Bounds;
import io.drover.start.RefusedToStartException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a database that went back in time is recovered.
 *
 * @param recoverSince  the instant to which it went back, as in {@code 2026-11-28T04:00:00Z}. Defaults to none: it did not.
 * @param recoverMargin how far before that instant records of Kafka are read again: at least how long a record waited to be read then.
 *                      Defaults to 1 h.
 * @param recoverUndated how long after the recovery began an event that bears no time may be one from before.
 *                       Defaults to 7 d.
 */
@ConfigurationProperties("drover")
record RecoveryProperties(
        @Nullable String recoverSince,
        @DefaultValue("1h") Duration recoverMargin,
        @DefaultValue("7d") Duration recoverUndated) {

    RecoveryProperties {
        Bounds.ofTime("0s", "3650d", "1h").check("drover.recover-margin", recoverMargin);
        Bounds.ofTime("0s", "3650d", "7d").check("drover.recover-undated", recoverUndated);
    }

    /** Null where the database did not go back. */
    @Nullable
    Instant since() {
        if (recoverSince == null || recoverSince.isBlank()) {
            return null;
        }
        try {
            return Instant.parse(recoverSince.strip());
        } catch (DateTimeParseException e) {
            throw new RefusedToStartException(
                    "drover.recover-since (%.60s) must be the instant to which the database went back, as in 2026-11-28T04:00:00Z"
                            .formatted(recoverSince));
        }
    }
}
