package io.drover.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drover.FaultyServer;
import io.drover.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Workers that share the tasks of a customer, and die, never make more calls for that customer than a rule lets through. */
class LimitsInProcessesTest {

    private static final int LIMIT = 6;
    private static final int TASKS = 20;
    private static final List<String> CUSTOMERS = List.of("ada", "bob");

    private final FaultyServer server = new FaultyServer();
    private final String jdbcUrl = TestDatabase.migrated();
    private final List<DroverProcess> processes = new ArrayList<>();
    private JdbcClient jdbc;

    @TempDir
    Path routes;

    @AfterEach
    void close() {
        processes.forEach(DroverProcess::close);
        server.close();
    }

    @Test
    @Tag("release")
    void theLimitHoldsForAllWorkersAndTheirDeaths() throws IOException {
        write(
                "pay.camel.yaml",
                """
                - route:
                    id: pay
                    from:
                      uri: tool:pay
                      parameters: { retries: 0, parameter.customer: string }
                      steps:
                        - setBody: { expression: { simple: { expression: "${variable.customer}" } } }
                        - to: { uri: "{{server.url}}/pay", parameters: { httpMethod: POST } }
                """);
        write(
                "pays.camel.yaml",
                """
                - route:
                    id: pays
                    from:
                      uri: task:pays
                      steps:
                        - to: { uri: "tool:pay", parameters: { arg.customer: "${body}" } }
                """);
        write(
                "rules.yaml",
                """
                rules:
                  - id: payments-of-a-customer
                    tools: [pay]
                    per: args.customer
                    within: 24h
                    when: history.count('pay') >= %d
                    then: forbid
                """
                        .formatted(LIMIT));
        server.respond("/pay", request -> FaultyServer.after(100, FaultyServer.json("{}")));
        jdbc = JdbcClient.create(new DriverManagerDataSource(jdbcUrl));
        for (String customer : CUSTOMERS) {
            jdbc.sql(
                            """
                            insert into task (id, workflow, status, input)
                            select gen_random_uuid(), 'pays', 'QUEUED', to_json(?::text) from generate_series(1, ?)
                            """)
                    .param(customer)
                    .param(TASKS)
                    .update();
        }

        Stream.of(worker(), worker()).forEach(DroverProcess::awaitClaiming);
        await().until(() -> server.requests("/pay").size() >= 2);
        processes.getFirst().kill();
        worker();

        await().until(() -> count(
                        "select count(*) from task where status in ('QUEUED', 'RUNNING') or status = 'WAITING' and wait_reason <> 'IN_DOUBT'")
                == 0);
        for (String customer : CUSTOMERS) {
            assertThat(server.requests("/pay").stream()
                            .filter(request -> request.body().equals(customer)))
                    .hasSizeLessThanOrEqualTo(LIMIT);
            assertThat(count(
                            """
                            select count(*) from call c join task t on t.id = c.task_id
                             where t.input #>> '{}' = '%s' and c.state in ('SUCCEEDED', 'IN_DOUBT')"""
                                    .formatted(customer)))
                    .as("a call in doubt may have been made")
                    .isEqualTo(LIMIT);
            assertThat(count("select count(*) from task where input #>> '{}' = '%s' and status = 'DEAD'"
                            .formatted(customer)))
                    .isEqualTo(TASKS - LIMIT);
        }
    }

    private DroverProcess worker() {
        DroverProcess worker = DroverProcess.start(
                jdbcUrl,
                null,
                "--drover.role=worker",
                "--drover.routes.directory=" + routes,
                "--server.url=" + server.url());
        processes.add(worker);
        return worker;
    }

    private int count(String sql) {
        return jdbc.sql(sql).query(Integer.class).single();
    }

    private void write(String name, String yaml) throws IOException {
        Files.writeString(routes.resolve(name), yaml);
    }
}
