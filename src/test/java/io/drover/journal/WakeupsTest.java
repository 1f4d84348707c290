package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A worker that is woken sees what it is woken for: else it would look again only after its poll interval. */
class WakeupsTest {

    private static final long LONG_MS = 60_000;

    private final DriverManagerDataSource dataSource = new DriverManagerDataSource(TestDatabase.create());
    private final JdbcClient jdbc = JdbcClient.create(dataSource);
    private final Wakeups wakeups = new Wakeups(new PostgresFleet(dataSource, new Tracks(0, Tracks.STABLE)));

    @BeforeEach
    void table() {
        jdbc.sql("create table work (n int)").update();
    }

    @Test
    void whoIsWokenInATransactionSeesItsRows() throws Exception {
        CompletableFuture<Integer> seen = seenByWhoWaits();

        try (Connection connection = dataSource.getConnection()) {
            InTransaction.run(connection, transaction -> {
                insert(transaction);
                wakeups.wake();
                pause();
                return null;
            });
        }

        assertThat(seen.get(2, TimeUnit.MINUTES)).isOne();
    }

    @Test
    void aTransactionWithinAnotherOneWakesForItsOwn() throws Exception {
        CompletableFuture<Integer> seen = seenByWhoWaits();

        try (Connection outer = dataSource.getConnection();
                Connection inner = dataSource.getConnection()) {
            InTransaction.run(outer, transaction -> {
                InTransaction.run(inner, within -> null);
                insert(transaction);
                wakeups.wake();
                pause();
                return null;
            });
        }

        assertThat(seen.get(2, TimeUnit.MINUTES)).isOne();
    }

    @Test
    void whatIsRolledBackWakesNoWorker() throws Exception {
        try (Connection connection = dataSource.getConnection()) {
            assertThatThrownBy(() -> InTransaction.run(connection, transaction -> {
                        wakeups.wake();
                        throw new SQLException("refused");
                    }))
                    .hasMessage("refused");
        }
        CompletableFuture<Integer> seen = seenByWhoWaits();
        pause();
        assertThat(seen).isNotDone();

        wakeups.wake(); // outside of transactions it counts immediately

        assertThat(seen.get(2, TimeUnit.MINUTES)).isZero();
    }

    private CompletableFuture<Integer> seenByWhoWaits() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                wakeups.await(LONG_MS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return jdbc.sql("select count(*) from work").query(Integer.class).single();
        });
    }

    private static void insert(Connection connection) throws SQLException {
        try (var insert = connection.createStatement()) {
            insert.executeUpdate("insert into work values (1)");
        }
    }

    /** Long enough that who was woken too early has looked. */
    private static void pause() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
