package io.drover.telemetry;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** Whether PostgreSQL answers. */
@Component("databaseHealthIndicator")
class DatabaseHealth implements HealthIndicator, Look {

    private static final Duration EVERY = Duration.ofSeconds(2);

    private static final int PATIENCE_SECONDS = 3;

    private final DataSource dataSource;
    private volatile Health state =
            Health.down().withDetail("reason", "not looked at yet").build();

    DatabaseHealth(DataSource dataSource) {
        this.dataSource = dataSource;
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
