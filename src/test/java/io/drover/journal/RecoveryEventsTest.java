package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** Which events may have been seen before the database went back. */
class RecoveryEventsTest {

    private final DriverManagerDataSource database = new DriverManagerDataSource(TestDatabase.migrated());

    @Test
    void anEventIsOldUntilItBearsATimeAfterTheRecoveryBegan() {
        Recovery recovery = recovery(Instant.now().minusSeconds(60).toString(), Duration.ofDays(7));

        assertThat(recovery.mayHaveSeen(Instant.now().minusSeconds(3600))).isTrue();
        assertThat(recovery.mayHaveSeen(Instant.now().plusSeconds(60))).isFalse();
        assertThat(recovery.mayHaveSeen(null)).isTrue();
    }

    @Test
    void anEventWithoutATimeIsOldForAWhileOnly() {
        recovery(Instant.now().minusSeconds(60).toString(), Duration.ofDays(7));
        JdbcClient.create(database)
                .sql("update recovery set began_at = began_at - interval '2 hours'")
                .update();

        assertThat(recovery(null, Duration.ofHours(3)).mayHaveSeen(null)).isTrue();
        assertThat(recovery(null, Duration.ofHours(1)).mayHaveSeen(null)).isFalse();
    }

    @Test
    void noEventIsOldWhereTheDatabaseNeverWentBack() {
        assertThat(recovery(null, Duration.ofDays(7)).mayHaveSeen(null)).isFalse();
    }

    private Recovery recovery(String since, Duration undated) {
        return new PostgresRecovery(
                JdbcClient.create(database),
                new JdbcTransactionManager(database),
                new RecoveryProperties(since, Duration.ofHours(1), undated));
    }
}
