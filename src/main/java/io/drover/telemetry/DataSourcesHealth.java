package io.drover.telemetry;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.drover.datasource.ToolDataSource;
import io.drover.datasource.ToolDataSources;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.stereotype.Component;

/** The state of the databases that routes use. One that is away does not make the process unready. */
@Component("dataSourcesHealthIndicator")
class DataSourcesHealth implements HealthIndicator, Look {

    private static final Duration EVERY = Duration.ofSeconds(10);

    private static final int PATIENCE_SECONDS = 3;

    private final ToolDataSources sources;
    private final Map<String, String> states = new ConcurrentHashMap<>();

    DataSourcesHealth(ToolDataSources sources) {
        this.sources = sources;
    }

    @Override
    public Health health() {
        Map<String, String> inOrder = new LinkedHashMap<>();
        sources.all()
                .forEach(source -> inOrder.put(source.name(), states.getOrDefault(source.name(), "not looked at yet")));
        return Health.up().withDetails(inOrder).build();
    }

    @Override
    public String what() {
        return "data-sources";
    }

    @Override
    public Duration every() {
        return EVERY;
    }

    @Override
    public void look() {
        sources.all().forEach(source -> states.put(source.name(), state(source)));
    }

    private String state(ToolDataSource source) {
        HikariDataSource pool = source.pool();
        if (source == sources.ofSteps() && pool.getHikariPoolMXBean() == null) {
            return "not used yet";
        }
        try (Connection connection = pool.getConnection()) {
            return connection.isValid(PATIENCE_SECONDS) ? "up" : "no answer within %d s".formatted(PATIENCE_SECONDS);
        } catch (SQLException | RuntimeException e) { // of the pool's start: one database says nothing of the others
            HikariPoolMXBean use = pool.getHikariPoolMXBean();
            boolean full = use != null && use.getActiveConnections() >= pool.getMaximumPoolSize();
            return full ? "all %d connections are in use".formatted(pool.getMaximumPoolSize()) : "down: " + reason(e);
        }
    }

    private static String reason(Exception e) {
        return String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
    }
}
