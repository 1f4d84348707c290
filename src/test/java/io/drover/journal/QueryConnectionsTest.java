package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class QueryConnectionsTest {

    private static final HikariDataSource POOL = pool();

    private static HikariDataSource pool() {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl(TestDatabase.create());
        pool.setMaximumPoolSize(4);
        pool.setConnectionTimeout(500);
        return pool;
    }

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void allQueriesTogetherTakeHalf() throws SQLException {
        QueryConnections some = QueryConnections.of(POOL);
        QueryConnections others = QueryConnections.of(POOL);
        try (Connection first = some.getConnection();
                Connection second = others.getConnection()) {
            assertThat(first.isValid(1) && second.isValid(1)).isTrue();
            assertThatThrownBy(some::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class)
                    .hasMessageContaining("too many queries");
            try (Connection ofAClaim = POOL.getConnection()) {
                assertThat(ofAClaim.isValid(1)).isTrue();
            }
            first.close();
            first.close();
            try (Connection third = others.getConnection()) {
                assertThat(third.isValid(1)).isTrue();
                assertThatThrownBy(some::getConnection).isInstanceOf(SQLTransientConnectionException.class);
            }
        }
    }

    @Test
    void aQueryInATransactionIsPartOfIt() {
        JdbcClient queries = BoundedQueries.of(POOL, Duration.ofSeconds(5));
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(POOL));
        queries.sql("create table stored (n int)").update();

        transaction.executeWithoutResult(status -> {
            queries.sql("insert into stored values (1)").update();
            status.setRollbackOnly();
        });

        assertThat(queries.sql("select count(*) from stored").query(Long.class).single())
                .isZero();
    }
}
