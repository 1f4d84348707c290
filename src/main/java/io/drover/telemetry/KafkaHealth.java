package io.drover.telemetry;

import io.drover.camel.KafkaIntake;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether the brokers answer, where a trigger reads from them. */
@Component("kafkaHealthIndicator")
class KafkaHealth implements HealthIndicator {

    private static final int PATIENCE_MS = 3_000;

    private final KafkaIntake intake;
    private volatile Health state =
            Health.down().withDetail("reason", "not looked at yet").build();
    private @Nullable Admin admin;

    KafkaHealth(KafkaIntake intake) {
        this.intake = intake;
    }

    @Override
    public Health health() {
        return state;
    }

    synchronized void look() {
        if (!intake.isPresent()) {
            state = Health.up()
                    .withDetail("reason", "no trigger reads from Kafka")
                    .build();
            return;
        }
        if (intake.clientSettings().isEmpty()) {
            state = Health.up()
                    .withDetail("reason", "the triggers name their own brokers")
                    .build();
            return;
        }
        try {
            if (admin == null) {
                admin = Admin.create(settings());
            }
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(PATIENCE_MS, TimeUnit.MILLISECONDS)
                    .size();
            state = Health.up().withDetail("brokers", brokers).build();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            state = Health.down()
                    .withDetail("reason", "the brokers do not answer: " + e.getMessage())
                    .build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Properties settings() {
        Properties all = intake.clientSettings();
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
            admin.close(java.time.Duration.ZERO);
            admin = null;
        }
    }
}
