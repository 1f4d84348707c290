package io.drover.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.start.Periodic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.Status;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A loop that stands still takes the process out, but not because it waits for a database that is away. */
class LoopsHealthTest {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Test
    void aVitalLoopThatStandsStillIsNotAlive() {
        LoopsHealth health = health(TestDatabase.create());
        CountDownLatch stuck = new CountDownLatch(1);
        try (Periodic loop = Periodic.vital("test-vital", Duration.ofMillis(10), stuck::await)) {
            loop.start();

            await().untilAsserted(() ->
                    assertThat(health.health().getDetails().toString()).contains("loop test-vital has been stuck for"));
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            stuck.countDown();
            await().until(() -> !told(health.health()).contains("test-vital"));
        }
    }

    @Test
    void itMayWaitForADatabaseThatIsAway() {
        LoopsHealth health = health("jdbc:postgresql://127.0.0.1:1/nowhere");
        CountDownLatch stuck = new CountDownLatch(1);
        try (Periodic loop = Periodic.vital("test-waiting", Duration.ofMillis(10), stuck::await)) {
            loop.start();

            await().until(() -> loop.overdue().compareTo(PATIENCE) > 0);
            assertThat(told(health.health())).doesNotContain("test-waiting");
            stuck.countDown();
        }
    }

    @Test
    void aLoopThatIsNotVitalMayStandStill() {
        LoopsHealth health = health(TestDatabase.create());
        CountDownLatch stuck = new CountDownLatch(1);
        try (Periodic loop = new Periodic("test-other", Duration.ofMillis(10), stuck::await)) {
            loop.start();

            await().until(() -> loop.overdue().compareTo(PATIENCE) > 0);
            assertThat(told(health.health())).doesNotContain("test-other");
            stuck.countDown();
        }
    }

    private static String told(Health health) {
        return health.getDetails().toString();
    }

    private static LoopsHealth health(String jdbcUrl) {
        DatabaseHealth database = new DatabaseHealth(new DriverManagerDataSource(jdbcUrl), new SimpleMeterRegistry());
        database.look();
        return new LoopsHealth(database, PATIENCE);
    }
}
