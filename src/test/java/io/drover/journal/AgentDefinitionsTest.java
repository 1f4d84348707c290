package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Which definitions of agents are kept, on a real PostgreSQL. */
class AgentDefinitionsTest {

    private static final Duration AGE = Duration.ofDays(30);

    private static DriverManagerDataSource source;
    private static JdbcClient jdbc;
    private static PostgresAgentDefinitions definitions;

    @BeforeAll
    static void connect() {
        source = new DriverManagerDataSource(TestDatabase.ofTwoRoles());
        jdbc = TestDatabase.directly(source.getUrl());
        definitions = new PostgresAgentDefinitions(source, List.of());
    }

    @AfterAll
    static void disconnect() {
        definitions.destroy();
    }

    @Test
    void forgetsWhatNoTaskMayGoOnWith() {
        UUID unused = old();
        UUID young = UUID.randomUUID();
        definitions.keep(young, "{}").join();
        UUID completed = usedBy("COMPLETED");
        UUID cancelled = usedBy("CANCELLED");
        UUID waiting = usedBy("WAITING");
        UUID queued = usedBy("QUEUED");
        UUID dead = usedBy("DEAD");

        int looks = 0;
        while (definitions.forget(AGE, 2) == 2) {
            assertThat(looks++)
                    .as("what is in use is not looked at again and again")
                    .isLessThan(10);
        }

        for (UUID gone : List.of(unused, completed, cancelled)) {
            assertThat(definitions.find(gone).join()).isNull();
        }
        for (UUID kept : List.of(young, waiting, queued, dead)) {
            assertThat(definitions.find(kept).join()).isEqualTo("{}");
        }
        assertThat(definitions.forget(AGE, 100)).isZero();
    }

    /** Another process is about to record a question with it: it has kept it again. */
    @Test
    void whatIsKeptAgainIsYoung() {
        UUID digest = old();
        PostgresAgentDefinitions again = new PostgresAgentDefinitions(source, List.of());
        try {
            again.keep(digest, "{}").join();

            assertThat(definitions.forget(AGE, 100)).isZero();
            assertThat(definitions.find(digest).join()).isEqualTo("{}");
        } finally {
            again.destroy();
        }
    }

    private static UUID old() {
        UUID digest = UUID.randomUUID();
        definitions.keep(digest, "{}").join();
        jdbc.sql("update agent_definition set created_at = now() - interval '31 days' where digest = ?")
                .param(digest)
                .update();
        return digest;
    }

    private static UUID usedBy(String status) {
        UUID digest = old();
        UUID task = TaskIds.random();
        boolean ended = List.of("COMPLETED", "CANCELLED", "DEAD").contains(status);
        jdbc.sql(
                        """
                        with made as (
                            insert into task (id, workflow, status, priority, input, input_bytes, wait_reason, run_at, finished_at, output, error)
                            values (:task, 'asking', :status, 4, '{}', 2, case :status when 'WAITING' then 'TIME' end, now(),
                                    case when :ended then now() end, case :status when 'COMPLETED' then '1'::json end,
                                    case :status when 'DEAD' then '{}'::json end) returning id)
                        insert into call (task_id, address, n, tool, state, tries, token, definition, arguments, result, started_at, finished_at)
                        select id, gen_random_uuid(), 1, 'model.default', 'SUCCEEDED', 1, 0, 0,
                               json_build_object('pinned', :digest::text), '{}', now(), now() from made
                        """)
                .param("task", task)
                .param("status", status)
                .param("ended", ended)
                .param("digest", digest.toString())
                .update();
        return digest;
    }
}
