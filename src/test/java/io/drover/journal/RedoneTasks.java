package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.who.Actor;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Has the dead task of a workflow redone, for tests that run no process with an API. */
public final class RedoneTasks {

    private RedoneTasks() {}

    public static void redo(String jdbcUrl, String workflow, int from, Set<String> reads) {
        DriverManagerDataSource dataSource = new DriverManagerDataSource(jdbcUrl);
        UUID task = JdbcClient.create(dataSource)
                .sql("select id from task where workflow = ?")
                .param(workflow)
                .query(UUID.class)
                .single();
        Wakeups wakeups = new Wakeups(new PostgresFleet(dataSource, new Tracks(0, Tracks.STABLE)));
        assertThat(new PostgresRedo(dataSource, new DataSourceTransactionManager(dataSource), wakeups)
                        .redo(task, from, reads, Actor.person("ann")))
                .isInstanceOf(TaskRedo.Plan.Calls.class);
    }
}
