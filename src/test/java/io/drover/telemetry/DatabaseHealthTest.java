package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What DroverDatabaseAway asks: no gauge of the queue changes while the database is away. */
class DatabaseHealthTest {

    @Test
    void aDatabaseThatDoesNotAnswerIsAGauge() {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(TestDatabase.create());
        String url = dataSource.getUrl();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        DatabaseHealth database = new DatabaseHealth(dataSource, meters);

        database.look();
        assertThat(away(meters)).isZero();

        dataSource.setUrl("jdbc:postgresql://localhost:1/drover");
        database.look();
        assertThat(away(meters)).isEqualTo(1);
        assertThat(database.health().getStatus()).isEqualTo(Status.DOWN);

        dataSource.setUrl(url);
        database.look();
        assertThat(away(meters)).isZero();
    }

    private static double away(SimpleMeterRegistry meters) {
        return meters.get("agent.database.away").gauge().value();
    }
}
