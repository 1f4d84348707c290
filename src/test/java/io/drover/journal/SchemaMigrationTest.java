package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.TestDatabase;
import io.drover.start.RefusedToStartException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the schema gets to a version: at the start, by another process, and while others hold locks. */
class SchemaMigrationTest {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private String database;

    @BeforeEach
    void create() {
        database = TestDatabase.create();
    }

    @Test
    void aProcessThatMayNotMigrateSaysWhatIsMissingAndWhatToDo() {
        to("16").migrate();

        assertThatThrownBy(() -> new SchemaMigration(false, Duration.ZERO, PAUSE).migrate(to("latest")))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageContainingAll("V17", "drover.migrate is false", "drover migrate");
        assertThat(to("latest").info().current().getVersion()).hasToString("16");
    }

    @Test
    void aProcessThatMayNotMigrateWaitsForTheOneThatDoes() {
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(
                () -> new SchemaMigration(false, Duration.ofMinutes(1), PAUSE).migrate(to("latest")));

        new SchemaMigration(true, Duration.ZERO, PAUSE).migrate(to("latest"));

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(30));
    }

    /** As a release that was taken back: the schema is ahead. */
    @Test
    void aSchemaThatIsNewerIsGoodEnough() {
        with("locked").migrate();

        new SchemaMigration(false, Duration.ZERO, PAUSE).migrate(to("latest"));
        new SchemaMigration(true, Duration.ZERO, PAUSE).migrate(to("latest"));

        assertThat(with("locked").info().current().getVersion()).hasToString("900");
    }

    @Test
    void aMigrationThatWaitsForALockLetsOthersPassAndIsTriedAgain() throws SQLException {
        to("latest").migrate();
        CompletableFuture<Void> migrating;
        try (Connection holder = DriverManager.getConnection(database);
                Connection other = DriverManager.getConnection(database)) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table task in row exclusive mode");
            migrating = CompletableFuture.runAsync(
                    () -> new SchemaMigration(true, Duration.ofMinutes(1), PAUSE).migrate(with("locked")));
            await().until(() -> waits(other));
            await().until(() -> !waits(other)); // it gave up, while the lock is held

            other.createStatement().execute("update task set priority = 1");

            assertThat(migrating).isNotDone();
        }
        assertThat(migrating).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void aLockThatIsNeverReleasedIsNamed() throws SQLException {
        to("latest").migrate();
        try (Connection holder = DriverManager.getConnection(database)) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("lock table task in row exclusive mode");

            assertThatThrownBy(() -> new SchemaMigration(true, Duration.ZERO, PAUSE).migrate(with("locked")))
                    .isInstanceOf(RefusedToStartException.class)
                    .hasMessageContainingAll("900", "locked a table", "pg_stat_activity");
        }
    }

    @Test
    void anIndexIsBuiltWhileRowsAreWritten() throws SQLException {
        to("latest").migrate();
        try (Connection connection = DriverManager.getConnection(database)) {
            new SchemaMigration(true, Duration.ZERO, PAUSE).migrate(with("concurrent"));

            assertThat(connection
                            .createStatement()
                            .executeQuery(
                                    "select 1 from pg_index where indisvalid and indexrelid = 'task_tried'::regclass")
                            .next())
                    .isTrue();
        }
    }

    /**
     * Its process is killed, as by a node that is emptied, or its statement is cancelled. Nobody has to know which index to drop,
     * and which line of Flyway's to delete, before the new version starts.
     */
    @ParameterizedTest
    @ValueSource(strings = {"pg_cancel_backend", "pg_terminate_backend"})
    void anIndexWhoseBuildWasCutOffIsBuiltAgain(String end) throws SQLException {
        to("23").migrate();
        try (Connection writer = DriverManager.getConnection(database);
                Connection other = DriverManager.getConnection(database)) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("update task set priority = 1"); // the build waits for its end
            CompletableFuture<Void> migrating = CompletableFuture.runAsync(
                    () -> new SchemaMigration(true, Duration.ZERO, PAUSE).migrate(to("23.1")));
            await().until(() -> isTrue(other, "not indisvalid"));

            await().until(() -> {
                other.createStatement()
                        .executeQuery(
                                "select %s(pid) from pg_stat_activity where query like '%%index concurrently task_held%%' and pid <> pg_backend_pid() and datname = current_database()"
                                        .formatted(end));
                return migrating.isDone();
            });
            assertThat(migrating).isCompletedExceptionally();
            writer.rollback();
            assertThat(isTrue(other, "not indisvalid")).as("what it left").isTrue();
            assertThatThrownBy(() -> new SchemaMigration(false, Duration.ZERO, PAUSE).migrate(to("23.1")))
                    .as("a process that may not migrate does not go on without it")
                    .isInstanceOf(RefusedToStartException.class)
                    .hasMessageContaining("V23.1");

            new SchemaMigration(true, Duration.ofSeconds(20), PAUSE).migrate(to("latest"));

            assertThat(isTrue(other, "indisvalid")).isTrue();
            assertThat(to("latest").info().pending()).isEmpty();
        }
    }

    /** The server has gone on for a process that was killed, and nobody has written down that it is done. */
    @Test
    void anIndexWhoseBuildIsNotWrittenDownIsBuiltAgain() throws SQLException {
        to("23").migrate();
        try (Connection other = DriverManager.getConnection(database)) {
            other.createStatement().execute("create index task_held on task (created_at)");

            new SchemaMigration(true, Duration.ofSeconds(20), PAUSE).migrate(to("latest"));

            assertThat(isTrue(other, "indisvalid and indnatts = 2")).isTrue();
        }
    }

    /** While its index is built, the next process waits, as for any lock. */
    @Test
    void anIndexThatIsStillBuiltIsNoLeftover() throws SQLException {
        to("23").migrate();
        try (Connection writer = DriverManager.getConnection(database);
                Connection builder = DriverManager.getConnection(database);
                Connection other = DriverManager.getConnection(database)) {
            writer.setAutoCommit(false);
            writer.createStatement().execute("update task set priority = 1");
            CompletableFuture<Boolean> building = CompletableFuture.supplyAsync(() -> {
                try {
                    return builder.createStatement()
                            .execute("create index concurrently task_held on task (held_by, created_at)");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            await().until(() -> isTrue(other, "not indisvalid"));

            assertThatThrownBy(() -> new SchemaMigration(true, Duration.ZERO, PAUSE).migrate(to("23.1")))
                    .isInstanceOf(RefusedToStartException.class)
                    .hasMessageContainingAll("locked a table", "pg_stat_activity");
            writer.rollback();
            assertThat(building).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    private static boolean isTrue(Connection connection, String condition) throws SQLException {
        return connection
                .createStatement()
                .executeQuery("select 1 from pg_index where indexrelid = to_regclass('task_held') and " + condition)
                .next();
    }

    private static boolean waits(Connection connection) throws SQLException {
        return connection
                .createStatement()
                .executeQuery("select 1 from pg_locks where not granted and relation = 'task'::regclass")
                .next();
    }

    private FluentConfiguration configuration() {
        FluentConfiguration configuration = Flyway.configure().dataSource(database, null, null);
        configuration.configuration(Map.of("flyway.postgresql.transactional.lock", "false"));
        return configuration;
    }

    private Flyway to(String version) {
        return configuration().target(version).load();
    }

    private Flyway with(String folder) {
        return configuration()
                .locations("classpath:db/migration", "classpath:migrations/" + folder)
                .load();
    }
}
