package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.drover.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * PostgreSQL has counted a table in which all pending calls are those of one task.
 * The end of some of its children still looks each of them up, and reads no index whole.
 */
class ChildPlansTest {

    private static final String MANY =
            """
            with parent as (
                insert into task (id, workflow, status, input) values (gen_random_uuid(), 'parent', 'QUEUED', '{}') returning id),
            child as (
                insert into task (id, workflow, status, input, output, finished_at, parent, awaited, parent_n)
                select gen_random_uuid(), 'child', 'COMPLETED', '{}', '1', now(), parent.id, true, case when i % 2 = 0 then i end
                  from parent, generate_series(1, 5000) i returning id, parent),
            called as (
                insert into call (task_id, address, n, tool, state, token, definition, arguments, started_at)
                select parent, id, row_number() over (), 'task:child', 'PENDING', 0, 0, '{}', now() from child),
            open as (
                insert into task (id, workflow, status, input, parent, awaited, parent_n)
                select gen_random_uuid(), 'child', 'QUEUED', '{}', parent.id, true, i from parent, generate_series(5001, 6000) i)
            insert into pending_call (task_id, address, reason, name, since, due_at, child, settled_at)
            select parent, id, 'CHILD', 'child', now(), 'infinity', id, case when random() < 0.9 then now() end from child
            """;

    @Test
    void theEndOfChildrenReadsTheirRowsOnly() throws Exception {
        try (HikariDataSource dataSource = new HikariDataSource()) {
            dataSource.setJdbcUrl(TestDatabase.ofTwoRoles());
            TestDatabase.directly(dataSource.getJdbcUrl()).sql(MANY).update();
            TestDatabase.directly(dataSource.getJdbcUrl())
                    .sql("analyze task, call, pending_call")
                    .update();
            try (Connection connection = dataSource.getConnection();
                    Statement settings = connection.createStatement()) {
                settings.execute("set jit = off; set enable_seqscan = off"); // as our connections
                settings.execute("set plan_cache_mode = force_generic_plan"); // what statements that are sent often get

                assertReadsNoIndexWhole(plan(settings, ChildResults.SETTLE, "uuid[], int", "'{}', 200"));
                assertReadsNoIndexWhole(plan(settings, ChildResults.KEEP, "uuid[], int", "'{}', 200"));
                assertReadsNoIndexWhole(
                        plan(settings, OpenChildren.OPEN.replaceAll(":\\w+", "?"), "uuid[], int", "'{}', 9"));
                List<String> wake = plan(settings, ChildResults.WAKE, "uuid[], text[], int", "'{}', '{}', 1");
                assertReadsNoIndexWhole(wake);
                // by the key of the table it would read the rows of all the children that a parent has ever had
                assertThat(String.join("\n", wake))
                        .contains("pending_call_open", "task_open_child")
                        .doesNotContain("pending_call_pkey", "pending_call_child");
            }
        }
    }

    private static List<String> plan(Statement statement, String sql, String types, String values) throws Exception {
        String numbered = sql;
        for (int i = 1; numbered.contains("?"); i++) {
            numbered = numbered.replaceFirst("\\?", "\\$" + i);
        }
        statement.execute("deallocate all");
        statement.execute("prepare sent (%s) as %s".formatted(types, numbered));
        List<String> plan = new ArrayList<>();
        try (ResultSet line = statement.executeQuery("explain execute sent (%s)".formatted(values))) {
            while (line.next()) {
                plan.add(line.getString(1));
            }
        }
        return plan;
    }

    private static void assertReadsNoIndexWhole(List<String> plan) {
        assertThat(plan.toString()).containsPattern("pending_call|task_pkey|task_open_child");
        for (int i = 0; i < plan.size(); i++) {
            if (plan.get(i).contains("Index Scan") || plan.get(i).contains("Index Only Scan")) {
                assertThat(plan.subList(i + 1, plan.size()))
                        .as(String.join("\n", plan))
                        .first()
                        .asString()
                        .contains("Index Cond");
            }
        }
    }

    @Test
    void aPlanThatReadsAnIndexWholeIsFound() {
        assertThatThrownBy(() -> assertReadsNoIndexWhole(List.of(
                        "Bitmap Heap Scan on pending_call q",
                        "->  Bitmap Index Scan on pending_call_child",
                        "Buffers")))
                .isInstanceOf(AssertionError.class);
    }
}
