package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.CuttingProxy.When;
import io.drover.api.ApiClient;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection to PostgreSQL breaks at each write of a signal, a wait, a child and an approval: before the server has the
 * write, or when it is committed and nobody has heard. Everything has one outcome, and no attempt is spent.
 */
class CutConnectionsTest extends WaitsTestBase {

    private enum Write {
        SIGNAL("insert into signal (id"),
        DELIVERY("update signal set delivered_at"),
        WAIT("x.look_back_ms"),
        SIGNAL_THAT_WAS_THERE("signal_id = x.signal_id"),
        SIGNAL_THAT_CAME("signal_id = x.signal_id", "SIGNAL"),
        END_OF_AN_ATTEMPT("x.given_back"),
        CHILD("select id, token from task where id = any"),
        END_OF_A_CHILD("'task:' || c.workflow"),
        REQUEST("insert into approval (task_id"),
        VOTE("insert into vote"),
        GRANT("spent_at = coalesce", "APPROVAL");

        final String text;

        /** What the task waits for before the connection is cut; null from the beginning. */
        final String first;

        Write(String text) {
            this(text, null);
        }

        Write(String text, String first) {
            this.text = text;
            this.first = first;
        }
    }

    static Stream<Arguments> writes() {
        return Arrays.stream(Write.values())
                .flatMap(write -> Arrays.stream(When.values()).map(when -> Arguments.of(write, when)));
    }

    @AfterEach
    void spare() {
        DATABASE.spare();
    }

    @ParameterizedTest
    @MethodSource("writes")
    void hasOneOutcomeWhicheverWriteMeetsABrokenConnection(Write write, When when) {
        assertThat(api().post("/api/signals/earlier?key=" + name, "2").status()).isEqualTo(202);
        soon().until(() -> count("select count(*) from signal where key = ? and delivered_at is not null", name) == 1);
        cut(write, when, null);

        String id = submit("everything");
        waits(id, "SIGNAL");
        cut(write, when, "SIGNAL");
        soon().until(() -> signal(name, "1", "Idempotency-Key", name).status() < 300);
        waits(id, "APPROVAL");
        cut(write, when, "APPROVAL");
        long approval = jdbc.sql("select id from approval where task_id = ? and state = 'OPEN'")
                .param(UUID.fromString(id))
                .query(Long.class)
                .single();
        ApiClient ann = new ApiClient(port, "ann", "secret");
        soon().until(() -> ann.post("/api/approvals/%d/vote".formatted(approval), "{\"vote\":\"approve\"}")
                        .status()
                == 200);

        assertThat(output(id).asText()).isEqualTo("2 1 of " + name);
        assertThat(DATABASE.cuts()).isEqualTo(1);
        assertThat(notes()).containsExactly("leaf", "approved");
        assertThat(task(id).path("attempts").asInt()).isEqualTo(1);
        assertThat(jdbc.sql("select name from signal where key = ? order by id")
                        .param(name)
                        .query(String.class)
                        .list())
                .containsExactly("earlier", "told", "replied");
        assertThat(jdbc.sql(
                                "select concat_ws(' ', reason, name) from pending_call where task_id = ? and settled_at is not null order by 1")
                        .param(UUID.fromString(id))
                        .query(String.class)
                        .list())
                .containsExactly("SIGNAL earlier", "SIGNAL replied");
        assertThat(jdbc.sql(
                                "select tool || ' ' || state from call where task_id = ? and address in (select id from task where parent = task_id)")
                        .param(UUID.fromString(id))
                        .query(String.class)
                        .list())
                .containsExactly("task:leaf SUCCEEDED");
        assertThat(jdbc.sql(
                                "select a.state || count(*) from approval a join vote v on v.approval_id = a.id where task_id = ? group by a.id")
                        .param(UUID.fromString(id))
                        .query(String.class)
                        .list())
                .containsExactly("SPENT1");
        assertThat(count("select count(*) from task where parent = ?::uuid", id))
                .isEqualTo(1);
        soon().until(() -> count("select count(*) from signal where key = ? and delivered_at is null", name) == 0);
    }

    @ParameterizedTest
    @EnumSource(When.class)
    void aCancellationReachesTheChildrenOnce(When when) {
        String id = submit("awaits", "{\"name\":\"%s\",\"wait\":\"%s\"}".formatted(name, name));
        waits(id, "CHILD");
        DATABASE.cut("set status = 'CANCELLED'", when);

        soon().until(() -> api().post("/api/tasks/%s/cancel".formatted(id), "").status() < 300);

        assertThat(DATABASE.cuts()).isEqualTo(1);
        assertThat(jdbc.sql("select status from task where ?::uuid in (id, parent)")
                        .param(id)
                        .query(String.class)
                        .list())
                .isEqualTo(List.of("CANCELLED", "CANCELLED"));
        assertThat(count(
                        "select count(*) from audit where action = 'cancel' and task_id in (select t.id from task t where ?::uuid in (t.id, t.parent))",
                        id))
                .isEqualTo(2);
    }

    static Stream<Arguments> erasures() {
        return Stream.of(
                        "insert into audit (who, action, detail)",
                        "delete from late_result where",
                        "set erased_at = now()",
                        "audit_erase_tasks",
                        "delete from budget",
                        "audit_erase(")
                .flatMap(text -> Arrays.stream(When.values()).map(when -> Arguments.of(text, when)));
    }

    @ParameterizedTest
    @MethodSource("erasures")
    void anErasureThatWasCutOffIsRepeated(String text, When when) {
        ApiClient sue = new ApiClient(port, "sue", "secret");
        String id = sue.post("/api/tasks/awaits", "{\"name\":\"%s\"}".formatted(name))
                .json()
                .path("id")
                .asText();
        ended(id);
        jdbc.sql("insert into audit (who, action, task_id, detail) values ('sue', 'resolve', ?, '{\"n\": 1}')")
                .param(UUID.fromString(id))
                .update();
        DATABASE.cut(text, when);

        ApiClient kay = new ApiClient(port, "kay", "secret");
        soon().until(() -> kay.post("/api/erasures", "{\"user\":\"sue\"}").status() == 200 && DATABASE.cuts() == 1);

        assertThat(jdbc.sql(
                                """
                        select row_to_json(t)::text from task t union all select row_to_json(c)::text from call c
                        union all select row_to_json(a)::text from audit a
                        """)
                        .query(String.class)
                        .list())
                .noneMatch(row -> row.contains(name) || row.contains("\"sue\""));
        assertThat(count("select count(*) from task where erased_at is not null and ?::uuid in (id, parent)", id))
                .isEqualTo(2);
    }

    private void cut(Write write, When when, String waits) {
        if (Objects.equals(write.first, waits)) {
            DATABASE.cut(write.text, when);
        }
    }

    private int count(String sql, String param) {
        return jdbc.sql(sql).param(param).query(Integer.class).single();
    }
}
