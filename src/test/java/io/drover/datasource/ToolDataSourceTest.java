package io.drover.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolDataSourceTest implements Borrower {

    private static final HikariDataSource POOL = pool();

    private String name = "";
    private @Nullable Duration left;
    private ToolDataSource source;

    private static HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(TestDatabase.create());
        pool.setMaximumPoolSize(3);
        pool.setMinimumIdle(0);
        pool.setConnectionTimeout(500);
        pool.addDataSourceProperty("ApplicationName", "orders");
        return pool;
    }

    @BeforeAll
    static void create() throws SQLException {
        try (Connection connection = POOL.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    """
                    create function sets_it(n int) returns int language plpgsql as $$
                    begin set search_path = 'x'; return n; end $$
                    """);
            statement.execute(
                    """
                    create procedure sets_them() language plpgsql as $$
                    begin set search_path = 'x'; set statement_timeout = 12345; end $$
                    """);
        }
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @BeforeEach
    void lend() {
        source = new ToolDataSource("orders", POOL, () -> this);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public @Nullable Duration left() {
        return left;
    }

    private Connection borrow(String by) throws SQLException {
        name = by;
        return source.getConnection();
    }

    @Test
    void oneBorrowerHoldsHalfAndAllTogetherHoldAll() throws SQLException {
        try (Connection first = borrow("tool:a");
                Connection second = borrow("tool:a");
                Connection third = borrow("tool:b")) {
            assertThat(first.isValid(1) && second.isValid(1) && third.isValid(1))
                    .isTrue();
            assertThatThrownBy(() -> borrow("tool:a"))
                    .isInstanceOf(NoConnectionException.class)
                    .hasMessageContaining(
                            "all 2 connections of the data source 'orders' that tool:a may hold are in use")
                    .hasMessageContaining("drover.datasources.orders.maximum-pool-size");
            assertThatThrownBy(() -> borrow("tool:c"))
                    .isInstanceOf(NoConnectionException.class)
                    .hasMessageContaining("all 3 connections");
        }
        assertThat(POOL.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void aConnectionIsGivenBackOnce() throws SQLException {
        Connection connection = borrow("tool:a");
        connection.close();
        connection.close();

        try (Connection first = borrow("tool:a");
                Connection second = borrow("tool:a")) {
            assertThat(first.isClosed() || second.isClosed()).isFalse();
            assertThatThrownBy(() -> borrow("tool:a")).isInstanceOf(NoConnectionException.class);
        }
    }

    @Test
    void theDatabaseEndsAStatementThatTakesTooLong() throws SQLException {
        left = Duration.ofMillis(300);
        try (Connection connection = borrow("tool:a");
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("select pg_sleep(60)"))
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
        }
        left = null;
        try (Connection again = borrow("tool:a");
                Statement statement = again.createStatement()) {
            assertThat(statement.execute("select 1")).isTrue();
            assertThat(statement.getQueryTimeout()).isZero();
        }
    }

    /** What one tool sets is not what the next one runs with. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "set statement_timeout = 12345               | select current_setting('statement_timeout') = '0'",
                "select set_config('search_path', 'x', false) | select current_setting('search_path') <> 'x'",
                "create temp table kept (n int)              | select to_regclass('kept') is null",
                "select pg_advisory_lock(4711)               | select pg_try_advisory_lock(4711)",
                "/* a */ set statement_timeout = 12345       | select current_setting('statement_timeout') = '0'",
                "do $$ begin set search_path = 'x'; end $$   | select current_setting('search_path') <> 'x'",
                "select sets_it(1)                           | select current_setting('search_path') <> 'x'",
                "select * from public . sets_it ( 1 ) t      | select current_setting('search_path') <> 'x'",
                "call sets_them()                            | select current_setting('statement_timeout') = '0'",
                "set role pg_monitor                         | select current_user = session_user",
                "listen kept                                 | select not exists (select from pg_listening_channels())",
                "prepare kept as select 1                    | select not exists (select from pg_prepared_statements where name = 'kept')"
            })
    void aSessionThatIsNotAsItWasIsNotLentAgain(String statement, String isAsBefore) throws SQLException {
        try (Connection connection = borrow("tool:a");
                PreparedStatement changing = connection.prepareStatement(statement)) {
            changing.execute();
        }

        await().until(() -> isTrue(isAsBefore)); // the pool closes it in its own time
        assertThat(POOL.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    private boolean isTrue(String question) throws SQLException {
        try (Connection connection = borrow("tool:b");
                PreparedStatement asking = connection.prepareStatement(question);
                ResultSet answer = asking.executeQuery()) {
            return answer.next() && answer.getBoolean(1);
        }
    }

    @Test
    void anOrdinarySessionIsLentAgain() throws SQLException {
        assertThat(session("select 1 as was_set")).isEqualTo(session("select 2"));
    }

    /** It is made as it was, under its name, and the driver's own statements, which are forgotten, are prepared again. */
    @Test
    void aSessionThatIsAsItWasIsLentAgain() throws SQLException {
        long first = session("select 1");
        for (int i = 0; i < 12; i++) {
            assertThat(session("select sets_it(1)")).isEqualTo(first);
        }
        assertThat(isTrue("select current_setting('application_name') = 'orders'"))
                .isTrue();
    }

    /** What runs in a statement that is not prepared is not looked at. */
    @Test
    void anyOtherStatementMayChangeItsSession() throws SQLException {
        try (Connection connection = borrow("tool:a");
                Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = 12345");
        }
        assertThat(isTrue("select current_setting('statement_timeout') = '0'")).isTrue();
    }

    /** The driver has set that once. */
    @Test
    void aSessionThatOnlyReadsDoesSoAgain() throws SQLException {
        try (HikariDataSource readers = new HikariDataSource()) {
            readers.setJdbcUrl(
                    POOL.getJdbcUrl() + (POOL.getJdbcUrl().contains("?") ? "&" : "?") + "readOnlyMode=always");
            readers.setMaximumPoolSize(1);
            readers.setReadOnly(true);
            source = new ToolDataSource("readers", readers, () -> this);
            assertThat(isTrue("select current_setting('default_transaction_read_only') = 'on'"))
                    .isTrue();
            session("select sets_it(1)");
            await().until(() -> isTrue("select current_setting('default_transaction_read_only') = 'on'"));
        }
    }

    /** The process of the database that runs a statement. */
    private long session(String statement) throws SQLException {
        try (Connection connection = borrow("tool:a");
                PreparedStatement any = connection.prepareStatement(statement);
                PreparedStatement asking = connection.prepareStatement("select pg_backend_pid()")) {
            any.execute();
            try (ResultSet answer = asking.executeQuery()) {
                answer.next();
                return answer.getLong(1);
            }
        }
    }

    /** The pool would wait for longer; but nothing is sent yet, and that is known only before the timeout. */
    @Test
    void aCallWhoseTimeoutComesFirstEndsBeforeIt() throws SQLException {
        try (HikariDataSource small = new HikariDataSource()) {
            small.setJdbcUrl(POOL.getJdbcUrl());
            small.setMaximumPoolSize(1);
            small.setConnectionTimeout(60_000);
            ToolDataSource other = new ToolDataSource("other", small, () -> new Borrower() {
                @Override
                public String name() {
                    return "tool:a";
                }

                @Override
                public Duration left() {
                    return Duration.ofMillis(300);
                }
            });
            try (Connection held = small.getConnection()) { // not counted, as by a database that does not answer
                assertThat(held.isValid(1)).isTrue();
                assertThatThrownBy(other::getConnection)
                        .isInstanceOf(SQLTransientConnectionException.class)
                        .hasMessageContaining("the data source 'other' gave no connection before the tool's timeout");
            }
            try (Connection again = other.getConnection()) {
                assertThat(again.isValid(1)).isTrue();
            }
        }
    }

    @Test
    void aPlaceIsFreeAgainWhereThereWasNoConnection() {
        try (HikariDataSource away = new HikariDataSource()) {
            away.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/none");
            away.setMaximumPoolSize(1);
            away.setConnectionTimeout(250);
            away.setInitializationFailTimeout(-1);
            ToolDataSource none = new ToolDataSource("none", away, () -> new Borrower() {
                @Override
                public String name() {
                    return "tool:a";
                }

                @Override
                public @Nullable Duration left() {
                    return null;
                }
            });
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(none::getConnection).isInstanceOf(SQLException.class);
            }
        }
    }
}
