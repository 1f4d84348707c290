package io.drover.audit;

import io.drover.start.Bounds;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Checkpoints of the audit log.
 *
 * @param origin  whose log it is, in every checkpoint, and the name of the key. Defaults to drover.
 * @param keyFile an Ed25519 key in PEM that signs checkpoints; without one they are not signed
 * @param topic   a Kafka topic that gets every checkpoint; without one none does
 * @param every   between two checkpoints. Defaults to a minute.
 */
@ConfigurationProperties("drover.audit")
public record AuditProperties(
        @DefaultValue("drover") String origin,
        @Nullable Path keyFile,
        @Nullable String topic,
        @DefaultValue("1m") Duration every) {

    public AuditProperties {
        if (!origin.matches("[\\x21-\\x7e&&[^+]]{1,200}")) {
            throw new IllegalArgumentException(
                    "drover.audit.origin (%s) must be of 1 to 200 printable letters of ASCII, without spaces and '+', as in example.com/drover"
                            .formatted(origin));
        }
        if (topic != null && !topic.matches("[a-zA-Z0-9._-]{1,249}")) {
            throw new IllegalArgumentException(
                    "drover.audit.topic (%s) must be the name of a Kafka topic: 1 to 249 letters, digits, '.', '_' and '-'"
                            .formatted(topic));
        }
        Bounds.ofTime("1s", "10m", "1m").check("drover.audit.every", every);
    }
}
