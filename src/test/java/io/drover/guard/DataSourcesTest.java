package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.datasource.ToolDataSource;
import io.drover.datasource.ToolDataSources;
import io.drover.task.WorkflowRegistry;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.component.sql.SqlEndpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/** What tools share: the databases' connections and the worker's places. One that is slow leaves some to the others. */
class DataSourcesTest extends LimitsTestBase {

    @Autowired
    ToolDataSources sources;

    @Autowired
    DataSource engine;

    @Autowired
    PlatformTransactionManager transactions;

    @Autowired
    WorkflowRegistry workflows;

    @Test
    void aSlowToolHoldsHalfOfTheConnectionsAndNoneOfDrovers() {
        List<UUID> slow = IntStream.range(0, 6)
                .mapToObj(i -> submit("call", "{\"tool\":\"naps\",\"args\":{}}"))
                .toList();
        await().until(() -> sleeping() == 3);

        UUID other = submit("call", "{\"tool\":\"query\",\"args\":{\"sql\":\"select 7 as n\"}}");

        assertStatus(other, "COMPLETED");
        assertThat(sleeping()).isLessThanOrEqualTo(3);
        for (UUID task : slow) { // those that found no connection have waited for one
            assertStatus(task, "DEAD");
            assertThat(String.valueOf(task(task).get("error"))).doesNotContain("may hold are in use");
        }
        assertStatementsAreOver("select 'naps'");
    }

    private long sleeping() {
        return jdbc.sql(
                        """
                        select count(*) from pg_stat_activity
                         where state = 'active' and query like 'select ''naps''%' and application_name = 'drover-routes'
                        """)
                .query(Long.class)
                .single();
    }

    @Test
    void aNoisyWorkflowLeavesPlacesToTheOthers() {
        CountDownLatch goOn = new CountDownLatch(1);
        FaultyServer.Answer answer = FaultyServer.json("{}");
        SERVER.always("/noisy", out -> {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            answer.write(out);
        });
        try {
            List<UUID> noisy =
                    IntStream.range(0, 30).mapToObj(i -> submit("noisy", "{}")).toList();
            await().until(() -> workflows.running("noisy") == 8);

            UUID other = submit("call", "{\"tool\":\"query\",\"args\":{\"sql\":\"select 8 as n\"}}");

            assertStatus(other, "COMPLETED");
            assertThat(workflows.running("noisy")).isEqualTo(8);
            goOn.countDown();
            noisy.forEach(task -> assertStatus(task, "COMPLETED"));
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void readsADatabaseOfAnotherMake() {
        JdbcClient orders = JdbcClient.create(source("orders").pool());
        orders.sql("create table if not exists orders (id int primary key, item varchar(100))")
                .update();
        orders.sql("merge into orders values (7, 'a lamp')").update();

        UUID task = submit("call", "{\"tool\":\"orders\",\"args\":{\"id\":7}}");

        assertStatus(task, "COMPLETED");
        assertThat(String.valueOf(task(task).get("output"))).contains("\"a lamp\"");
    }

    @Test
    void storesNothingInADatabaseThatIsOnlyRead() {
        jdbc.sql("create table if not exists limits_orders (id int)").update();

        UUID task = submit("call", "{\"tool\":\"order\",\"args\":{}}");

        await().until(() -> List.of("DEAD", "WAITING").contains(task(task).get("status")));
        assertThat(String.valueOf(task(task).get("error"))).contains("read-only transaction");
        assertThat(jdbc.sql("select count(*) from limits_orders")
                        .query(Long.class)
                        .single())
                .isZero();
    }

    @Test
    void routesDoNotFindDroversOwnConnections() {
        ToolDataSource ours = sources.ofSteps();
        assertThat(camel.getRegistry().findByType(DataSource.class)).containsExactly(ours);
        assertThat(camel.getRegistry().findSingleByType(DataSource.class)).isSameAs(ours);
        assertThat(camel.getRegistry().findByTypeWithName(DataSource.class)).isEqualTo(Map.of("dataSource", ours));
        assertThat(camel.getRegistry().lookupByName("dataSource")).isSameAs(ours);
        assertThat(camel.getRegistry().lookupByNameAndType("dataSource", DataSource.class))
                .isSameAs(ours);
        assertThat(camel.getRegistry().lookupByName("orders")).isSameAs(source("orders"));
        assertThat(camel.getRegistry().findByType(PlatformTransactionManager.class))
                .isEmpty();
        assertThat(camel.getRegistry().findByType(Object.class)).doesNotContain(engine, transactions);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbcTemplate",
                "namedParameterJdbcTemplate",
                "jdbcClient",
                "transactionManager",
                "transactionTemplate"
            })
    void routesDoNotFindWhatLeadsToThemEither(String name) {
        assertThat(camel.getRegistry().lookupByName(name)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sql:select 1",
                "sql:select 1?dataSource=#dataSource",
                "sql:select 1?dataSource=#bean:dataSource",
                "sql:select 1?dataSource=#type:javax.sql.DataSource",
                "sql:select 1?dataSource=#default"
            })
    void aStepHasTheConnectionsOfRoutes(String uri) {
        SqlEndpoint endpoint = camel.getEndpoint(uri, SqlEndpoint.class);

        assertThat(endpoint.getJdbcTemplate().getDataSource()).isSameAs(sources.ofSteps());
    }

    private ToolDataSource source(String name) {
        return sources.all().stream()
                .filter(source -> source.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
