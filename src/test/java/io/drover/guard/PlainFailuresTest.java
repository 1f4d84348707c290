package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.json.Json;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What surely did not happen fails plainly; only what may have happened asks a person. */
class PlainFailuresTest extends LimitsTestBase {

    private static boolean added;

    @BeforeEach
    void tools() throws Exception {
        if (added) {
            return;
        }
        added = true;
        jdbc.sql("create table plain_notes (id int primary key, note text, doc jsonb, tags text[])")
                .update();
        jdbc.sql(
                        """
                        create function plain_fail(code text) returns int language plpgsql
                        as $$ begin raise exception 'refused by rule' using errcode = code; end $$""")
                .update();
        jdbc.sql(
                        """
                        create procedure plain_half() language plpgsql
                        as $$ begin insert into plain_notes values (77); commit; perform 1/0; end $$""")
                .update();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("tool:change?parameter.sql=string&timeout=10s&retries=0")
                        .routeId("change")
                        .setHeader("CamelSqlQuery", simple("${variable.sql}"))
                        .to("sql:select 1");
                from("tool:unbound?retries=0")
                        .routeId("unbound")
                        .to("sql:insert into plain_notes (id, note) values (1, :#note)");
                from("tool:unbindable?parameter.doc=object&retries=0")
                        .routeId("unbindable")
                        .to("sql:insert into plain_notes (id, doc) values (2, :#doc)");
                from("tool:batch?parameter.ids=array&retries=0")
                        .routeId("batch")
                        .setBody(variable("ids"))
                        .to("sql:insert into plain_notes (id) values (#)?batch=true");
                from("tool:ends_session?retries=0")
                        .routeId("ends_session")
                        .to("sql:select pg_terminate_backend(pg_backend_pid())");
                from("tool:posts?parameter.url=string&timeout=5s&retries=0")
                        .routeId("posts")
                        .setBody(constant("{}"))
                        .toD("${variable.url}");
                from("tool:odd_body?retries=0")
                        .routeId("odd_body")
                        .setBody(exchange -> new Object())
                        .to(SERVER.url() + "/odd?httpMethod=POST");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0A000", "21000", "22012", "23505", "25006", "40001", "40P01", "42501", "44000", "53200", "54001",
                "55P03", "55006", "57014", "57P01", "58030", "P0001", "P0002", "XX000", "HV000", "AB123"
            })
    void aStatementThatFailsBeforeItsCommitHadNoEffect(String state) {
        UUID task =
                change("with x as (insert into plain_notes values (50) returning id) select plain_fail('%s'), id from x"
                        .formatted(state));

        assertPlain(task, "refused by rule");
        assertThat(notes(50)).isZero();
    }

    @Test
    void aProcedureThatMayHaveCommittedIsInDoubt() {
        UUID task = change("call plain_half()");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(notes(77)).isOne();
    }

    @Test
    void aSessionThatEndsBeforeTheCommitHadNoEffect() {
        UUID task = submit("call", "{\"tool\":\"ends_session\",\"args\":{}}");

        assertPlain(task, "terminating connection");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unbound    | {}                | Cannot find key [note]",
                "unbindable | {\"doc\":{\"a\":1}} | PSQLException",
            })
    void aParameterThatCannotBeBoundSendsNothing(String tool, String arguments, String why) {
        UUID task = submit("call", "{\"tool\":\"%s\",\"args\":%s}".formatted(tool, arguments));

        assertPlain(task, why);
    }

    @Test
    void aBatchThatFailsHalfwayHadNoEffect() {
        UUID task = submit("call", "{\"tool\":\"batch\",\"args\":{\"ids\":[[60],[61],[60]]}}");

        assertPlain(task, "duplicate key");
        assertThat(notes(60) + notes(61)).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://127.0.0.1:1/x                        | refused",
                "http://no-such-host.invalid/x               | no-such-host.invalid",
                "https://127.0.0.1:{port}/x                  | SSL",
                "http://127.0.0.1:1/x?proxyHost=127.0.0.1&proxyPort=1 | refused",
            })
    void withoutAConnectionNothingIsSent(String url, String why) {
        String port = SERVER.url().substring(SERVER.url().lastIndexOf(':') + 1);

        UUID task =
                submit("call", Json.write(Map.of("tool", "posts", "args", Map.of("url", url.replace("{port}", port)))));

        assertPlain(task, why);
    }

    @Test
    void aBodyThatCannotBeSentIsNotSent() {
        UUID task = submit("call", "{\"tool\":\"odd_body\",\"args\":{}}");

        assertStatus(task, "DEAD");
        assertThat(SERVER.requests("/odd")).isEmpty();
    }

    private UUID change(String sql) {
        return submit("call", Json.write(Map.of("tool", "change", "args", Map.of("sql", sql))));
    }

    private void assertPlain(UUID task, String why) {
        assertStatus(task, "DEAD");
        assertThat(String.valueOf(task(task).get("error"))).contains(why);
    }

    private long notes(int id) {
        return jdbc.sql("select count(*) from plain_notes where id = ?")
                .params(List.of(id))
                .query(Long.class)
                .single();
    }
}
