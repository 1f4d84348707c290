package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import java.util.List;
import java.util.UUID;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A map or a list goes out as JSON, by whichever step it is sent, and says so; what the author has made is left alone. */
class JsonBodiesTest extends LimitsTestBase {

    private static boolean added;

    private int before;

    @BeforeEach
    void tools() throws Exception {
        before = SERVER.requests("/json-in").size(); // other classes have the same server
        SERVER.always("/json-in", FaultyServer.json("{\"ok\":true}"));
        SERVER.always("/xml-out", FaultyServer.status(200, "Content-Type: application/xml", "<a/>"));
        if (added) {
            return;
        }
        added = true;
        String post = SERVER.url() + "/json-in?httpMethod=POST";
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                tool("json_map").to(post);
                tool("json_list").setBody(simple("${body[list]}")).to(post);
                tool("json_dynamic").toD(SERVER.url() + "/${body[path]}?httpMethod=POST");
                tool("json_recipients").recipientList(constant(post));
                tool("json_enriched").enrich(post);
                tool("json_variable")
                        .setVariable("whole", simple("${body}"))
                        .setBody(constant("not this"))
                        .toV(post, "whole", "answer")
                        .setBody(constant(null));
                tool("json_after_xml")
                        .setVariable("whole", simple("${body}"))
                        .to(SERVER.url() + "/xml-out?httpMethod=GET")
                        .setBody(simple("${variable.whole}"))
                        .to(post);
                tool("json_own_type")
                        .setHeader("Content-Type", constant("application/vnd.api+json"))
                        .to(post);
                tool("json_marshalled").marshal().json().to(post);
                tool("json_get").to(SERVER.url() + "/json-in?httpMethod=GET");
                tool("json_form")
                        .setHeader("Content-Type", constant("application/x-www-form-urlencoded"))
                        .to(post);
                tool("json_caught")
                        .doTry()
                        .to("http://127.0.0.1:1/?httpMethod=POST")
                        .doCatch(Exception.class)
                        .setBody(simple("still ${body[path]}"))
                        .end();
                from("tool:takes_nothing?retries=0")
                        .routeId("takes_nothing")
                        .to(SERVER.url() + "/json-in?httpMethod=GET");
                from("task:calls_takes_nothing?maxAttempts=1")
                        .routeId("calls_takes_nothing")
                        .to("tool:takes_nothing");
            }

            private org.apache.camel.model.RouteDefinition tool(String name) {
                return from("tool:%s?retries=0&parameter.path=string&parameter.list=array".formatted(name))
                        .routeId(name);
            }
        });
    }

    private List<FaultyServer.Request> sent() {
        List<FaultyServer.Request> all = SERVER.requests("/json-in");
        return all.subList(before, all.size());
    }

    private UUID call(String tool) {
        return submit(
                "call", "{\"tool\":\"%s\",\"args\":{\"path\":\"json-in\",\"list\":[1,{\"é\":2.50}]}}".formatted(tool));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "json_map",
                "json_dynamic",
                "json_recipients",
                "json_enriched",
                "json_variable",
                "json_after_xml",
                "json_marshalled"
            })
    void aMapIsADocument(String tool) {
        assertStatus(call(tool), "COMPLETED");

        assertThat(sent()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.body()).isEqualTo("{\"path\":\"json-in\",\"list\":[1,{\"é\":2.5}]}");
            assertThat(request.headers().get("Content-Type")).isEqualTo("application/json");
        });
    }

    @Test
    void aListIsADocument() {
        assertStatus(call("json_list"), "COMPLETED");

        assertThat(sent()).singleElement().satisfies(request -> assertThat(request.body())
                .isEqualTo("[1,{\"é\":2.5}]"));
    }

    @Test
    void theAuthorsTypeOfJsonIsKept() {
        assertStatus(call("json_own_type"), "COMPLETED");

        assertThat(sent()).singleElement().satisfies(request -> {
            assertThat(request.headers().get("Content-Type")).startsWith("application/vnd.api+json");
            assertThat(request.body()).startsWith("{");
        });
    }

    @Test
    void aGetHasNone() {
        assertStatus(call("json_get"), "COMPLETED");

        assertThat(sent()).singleElement().satisfies(request -> {
            assertThat(request.body()).isEmpty();
            assertThat(request.headers()).doesNotContainKey("Content-Type");
        });
    }

    @Test
    void isNotSentUnderATypeThatItIsNot() {
        assertStatus(call("json_form"), "DEAD");

        assertThat(sent()).isEmpty();
    }

    @Test
    void theBodyIsStillTheMapWhereTheSendFails() {
        UUID task = call("json_caught");

        assertStatus(task, "COMPLETED");
        assertThat(task(task).get("output")).isEqualTo("\"still json-in\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"name\":\"Ada\"}", "null", "[1]", "\"text\""})
    void aToolThatTakesNothingGetsNothing(String input) {
        UUID task = submit("calls_takes_nothing", input);

        assertStatus(task, "COMPLETED");
        assertThat(sent()).hasSize(1);
        assertThat(jdbc.sql("select arguments::text from call where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .single())
                .isEqualTo("{}");
    }
}
