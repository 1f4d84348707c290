package io.drover.telemetry;

import io.drover.intake.KafkaTriggers;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The brokers that the triggers read from, asked by a client of its own. */
@Component
class KafkaBrokers {

    static final int PATIENCE_MS = 3_000;

    private final KafkaTriggers triggers;
    private @Nullable Admin admin;

    KafkaBrokers(KafkaTriggers triggers) {
        this.triggers = triggers;
    }

    /** Whether a trigger reads from brokers that the process as a whole names. */
    boolean areNamed() {
        return !triggers.clientSettings().isEmpty();
    }

    /** @throws org.apache.kafka.common.KafkaException when the settings lead nowhere */
    synchronized Admin client() {
        if (admin == null) {
            admin = Admin.create(settings());
        }
        return admin;
    }

    private Properties settings() {
        Properties all = triggers.clientSettings();
        Properties settings = new Properties();
        all.forEach((name, value) -> {
            if (AdminClientConfig.configNames().contains(name.toString())) {
                settings.put(name, value);
            }
        });
        settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "drover-health");
        return settings;
    }

    synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }
}
