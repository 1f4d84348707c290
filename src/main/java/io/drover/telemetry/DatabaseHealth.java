package io.drover.telemetry;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;
import org.springframework.stereotype.Component;

/** Whether PostgreSQL answers. */
@Component("databaseHealthIndicator")
class DatabaseHealth implements HealthIndicator, Look {

    private static final Duration EVERY = Duration.ofSeconds(2);

    private static final int PATIENCE_SECONDS = 3;

    private final DataSource dataSource;
    private volatile Health state =
            Health.down().withDetail("reason", "not looked at yet").build();

    /** The gauges of the queue keep their last values meanwhile, so none of them tells of it. */
    DatabaseHealth(DataSource dataSource, MeterRegistry registry) {
        this.dataSource = dataSource;
        Gauge.builder("agent.database.away", this, health -> health.isAway() ? 1 : 0)
                .description("1 while PostgreSQL does not answer this process.")
                .register(registry);
    }

    private boolean isAway() {
        return !state.getStatus().equals(Status.UP);
    }

    @Override
    public Health health() {
        return state;
    }

    @Override
    public String what() {
        return "database";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public void look() {
        try (Connection connection = dataSource.getConnection()) {
            state = connection.isValid(PATIENCE_SECONDS)
                    ? Health.up().build()
                    : Health.down()
                            .withDetail("reason", "no answer within %d s".formatted(PATIENCE_SECONDS))
                            .build();
        } catch (SQLException e) {
            state = Health.down()
                    .withDetail("reason", String.valueOf(e.getMessage()))
                    .build();
        }
    }
}
