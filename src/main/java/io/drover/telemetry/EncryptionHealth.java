package io.drover.telemetry;

import io.drover.encryption.SealingKeys;
import java.util.List;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether this process has the keys of all that is sealed in the database. */
@Component("encryptionHealthIndicator")
class EncryptionHealth implements HealthIndicator, Look {

    private final SealingKeys keys;
    private volatile Health state =
            Health.down().withDetail("reason", "not looked at yet").build();

    EncryptionHealth(SealingKeys keys) {
        this.keys = keys;
    }

    @Override
    public Health health() {
        return state;
    }

    @Override
    public String what() {
        return "encryption";
    }

    @Override
    public void look() {
        List<String> missing = keys.missing();
        state = missing.isEmpty()
                ? Health.up().build()
                : Health.down()
                        .withDetail(
                                "reason",
                                "the database holds values that are sealed with keys that this process does not have (%s); set drover.encryption.keyset to a keyset that holds them"
                                        .formatted(String.join(", ", missing)))
                        .build();
    }
}
