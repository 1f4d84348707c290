package io.drover.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.TestDatabase;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A row in each table is sealed, sealed again with another key, and opened. */
class RekeyTest {

    private static final UUID TASK = UUID.randomUUID();
    private static final UUID CHILD = UUID.randomUUID();
    private static final UUID DEFINITION = UUID.randomUUID();

    @TempDir
    Path directory;

    private DataSource database;
    private JdbcClient jdbc;

    @BeforeEach
    void rows() {
        String url = TestDatabase.ofTwoRoles();
        database = new DriverManagerDataSource(url);
        jdbc = JdbcClient.create(database);
        for (String sql : List.of(
                """
                insert into task (id, workflow, status, priority, input, output, error, token, finished_at, address_key)
                values (:task, 'w', 'COMPLETED', 5, '{"a": "mark 1.50"}', '"mark"', '{"type":"T","message":"mark 7"}', 1, now(), 'mark')
                """,
                "insert into task (id, workflow, status, priority, input) values (:child, 'w', 'QUEUED', 5, '\"mark\"')",
                """
                insert into call (task_id, address, n, tool, state, token, definition, arguments, result, error, started_at)
                values (:task, :child, 1, 'model.m', 'SUCCEEDED', 1, 1, '{"pinned":"p","asked":"mark"}',
                        '{"usd":0.5,"content":"mark"}', null, now()),
                       (:task, :task, 2, 't', 'REJECTED', 1, 1, '{"usd":"mark"}', null, '{"message":"mark"}', now())
                """,
                "insert into late_result (task_id, address, tool, token, reason, result) values (:task, :child, 't', 1, 'late', '\"mark\"')",
                "insert into preview (task_id, address, answered_by, asks) values (:task, :child, 'echo', 'mark')",
                "insert into attempt (task_id, token, n, ending, error) values (:task, 1, 1, 'FAILED', '{\"message\":\"mark\"}')",
                "insert into signal (source, name, key, body) values (:task, 'n', 'k', '{\"said\":\"mark\"}')",
                "insert into agent_definition (digest, body) values (:definition, '{\"system\":\"mark\"}')",
                """
                insert into approval (task_id, address, tool, arguments_digest, definition, summary, need, decide_by)
                values (:task, :child, 't', :child, 1, 'mark', 1, 'infinity')
                """,
                "insert into vote (approval_id, who, approves, reason) select id, 'ann b', true, 'mark' from approval",
                """
                insert into memory (id, key, fact, embedding, created_at, refreshed_at)
                values (:task, 'k', 'mark', array_fill(0.25::real, array[384]), now(), now())
                """,
                """
                insert into set_aside (trigger_id, topic, kafka_partition, kafka_offset, kafka_timestamp, key, payload, headers,
                                       reason, error_type, refusal)
                values ('t', 'topic', 0, 1, 1, null, convert_to('mark', 'UTF8'), '[["aA==","mark"]]', 'mark', 'E', 'mark')
                """)) {
            jdbc.sql(sql)
                    .params(Map.of("task", TASK, "child", CHILD, "definition", DEFINITION))
                    .update();
        }
    }

    @Test
    void sealsEverythingSealsItAgainAndOpensIt() {
        Map<String, String> clear = all();
        Path first = Keysets.create(directory);
        String firstKey = Seals.with(first, true).primary();

        Rekey.Report plan = new Rekey(database, Seals.with(first, true)).run(true);
        assertThat(all()).as("a dry run changes nothing").isEqualTo(clear);
        assertThat(plan.values())
                .hasSize(11)
                .allSatisfy((table, keys) -> assertThat(keys).as(table).containsOnlyKeys("clear"));

        Rekey.Report sealed = new Rekey(database, Seals.with(first, true)).run(false);
        assertThat(sealed.left()).isZero();
        assertThat(sealed.changed()).isEqualTo(13);
        assertThat(all().toString()).doesNotContain("mark").contains("0.5").contains("\"pinned\": \"p\"");
        assertThat(jdbc.sql("select id from sealing_key").query(String.class).list())
                .containsExactly(firstKey);
        Map<String, String> once = all();
        assertThat(new Rekey(database, Seals.with(first, true)).run(false).changed())
                .as("what is sealed stays")
                .isZero();
        assertThat(all()).isEqualTo(once);

        Path second = Keysets.rotate(directory, first);
        Seals rotated = Seals.with(second, true);
        assertThat(new Rekey(database, rotated).run(true).unused())
                .as("the old key is needed")
                .isEmpty();
        Rekey.Report again = new Rekey(database, rotated).run(false);
        assertThat(again.changed()).isEqualTo(13);
        assertThat(again.unused()).containsExactly(firstKey);
        assertThat(again.values())
                .allSatisfy((table, keys) -> assertThat(keys).as(table).containsOnlyKeys(rotated.primary()));
        assertThat(all().toString()).doesNotContain("mark").doesNotContain("drv1:" + firstKey);

        assertThatThrownBy(() -> new Rekey(database, Seals.with(first, true)).run(false))
                .isInstanceOf(SealedValueException.class)
                .hasMessageContaining("is sealed with key " + rotated.primary());

        new Rekey(database, Seals.with(second, false)).run(false);
        assertThat(all()).isEqualTo(clear);
        assertThat(jdbc.sql("select id from sealing_key").query(String.class).list())
                .isEmpty();
    }

    /** Every row of the sealed tables, but for what only tells how long a payload is; members may be written closer. */
    private Map<String, String> all() {
        Map<String, String> rows = new HashMap<>();
        for (RekeyedTable table : RekeyedTable.ALL) {
            jdbc.sql("select row_to_json(t)::jsonb - 'payload_bytes' from %s t".formatted(table.name()))
                    .query(String.class)
                    .list()
                    .forEach(row -> rows.merge(
                            table.name(), row, (one, other) -> one.compareTo(other) < 0 ? one + other : other + one));
        }
        return rows;
    }

    @Test
    void leavesARowThatChangesMeanwhile() {
        Seals seals = Seals.with(Keysets.create(directory), true);
        RekeyedTable table = RekeyedTable.ALL.stream()
                .filter(one -> one.name().equals("task"))
                .findFirst()
                .orElseThrow();
        JdbcTemplate template = new JdbcTemplate(database);
        RekeyedTable.Row row = table.read(template, table.first(), 10).stream()
                .filter(one -> one.id().equals(CHILD.toString()))
                .findFirst()
                .orElseThrow();
        jdbc.sql("update task set error = '{}' where id = ?").param(CHILD).update();
        assertThat(table.write(template, row, table.again(seals, row))).isZero();
    }

    @Test
    void nothingElseOfAnEndedTaskChanges() {
        jdbc.sql("update task set output = '\"drv1:\"', input = '\"drv1:\"' where id = ?")
                .param(TASK)
                .update();
        for (String change : List.of("status = 'CANCELLED'", "token = 9", "attempt = 9", "finished_at = now()")) {
            assertThatThrownBy(() -> jdbc.sql("update task set %s where id = ?".formatted(change))
                            .param(TASK)
                            .update())
                    .as(change)
                    .hasMessageContaining("transition");
        }
    }
}
