package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;
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
        SERVER.always("/rejected_late", FaultyServer.json("{}"));
        camel.addComponent("late", new LateComponent());
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
                from("tool:rejected_early?retries=0")
                        .routeId("rejected_early")
                        .setBody(exchange -> {
                            throw new RejectedExecutionException("the pool is closed");
                        })
                        .to(SERVER.url() + "/rejected_early?httpMethod=POST");
                from("tool:rejected_late?retries=0").routeId("rejected_late").to("late:reply");
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
                "unbindable | {\"doc\":{\"a\":1}} | No hstore extension",
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
                "https://127.0.0.1:{port}/x                  | TLS",
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

    @Test
    void aPoolThatRejectsAStepBeforeAnythingIsSentIsAPlainFailure() {
        UUID task = submit("call", "{\"tool\":\"rejected_early\",\"args\":{}}");

        assertPlain(task, "the pool is closed");
        assertThat(SERVER.requests("/rejected_early")).isEmpty();
    }

    /** Not what was to be sent was rejected, but the work on the answer. */
    @Test
    void aPoolThatRejectsAnAnswerLeavesTheCallInDoubt() {
        UUID task = submit("call", "{\"tool\":\"rejected_late\",\"args\":{}}");

        assertStatus(task, "WAITING");
        assertThat(task(task)).containsEntry("wait_reason", "IN_DOUBT");
        assertThat(SERVER.requests("/rejected_late")).hasSize(1);
    }

    /** Posts by an asynchronous client whose pool for answers has been closed meanwhile. */
    private static final class LateComponent extends DefaultComponent {

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    return new DefaultAsyncProducer(this) {
                        @Override
                        public boolean process(Exchange exchange, AsyncCallback callback) {
                            post().whenComplete((answer, thrown) -> {
                                exchange.setException(thrown);
                                callback.done(false);
                            });
                            return false;
                        }
                    };
                }

                @Override
                public Consumer createConsumer(Processor processor) {
                    throw new UnsupportedOperationException();
                }
            };
        }

        private static CompletableFuture<String> post() {
            ExecutorService closed = Executors.newSingleThreadExecutor();
            closed.shutdown();
            HttpRequest request = HttpRequest.newBuilder(URI.create(SERVER.url() + "/rejected_late"))
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            return HttpClient.newHttpClient()
                    .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                    .thenApplyAsync(HttpResponse::body, closed);
        }
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
