package io.drover.journal;

import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Ended tasks of a real PostgreSQL, for tests of other packages. */
public final class DatabaseTasks {

    private DatabaseTasks() {}

    public static EndedTasks ended(DataSource dataSource) {
        return new PostgresEndedTasks(
                JdbcClient.create(dataSource), new TransactionTemplate(new DataSourceTransactionManager(dataSource)));
    }
}
