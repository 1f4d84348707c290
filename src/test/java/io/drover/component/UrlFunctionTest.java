package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ${url(...)}} puts on the wire, read by a real HTTP server. */
class UrlFunctionTest {

    private static final String HOSTILE = "a/b?c=d&e %2F ../x";

    private static final FaultyServer SERVER = new FaultyServer();
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();
    private static ProducerTemplate producer;

    @BeforeAll
    static void start() throws Exception {
        CAMEL.getRegistry().bind("url", new UrlFunction());
        CAMEL.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:path")
                        .setHeader("CamelHttpPath", simple("/customers/${url(${variable.value})}/orders"))
                        .to(SERVER.url() + "/api?httpMethod=GET");
                from("direct:query")
                        .setHeader("CamelHttpQuery", simple("name=${url(${variable.value})}&limit=5"))
                        .to(SERVER.url() + "/api?httpMethod=GET");
                from("direct:dynamicPath").toD(SERVER.url() + "/toD/${url(${variable.value})}?httpMethod=GET");
                from("direct:dynamicQuery")
                        .toD(SERVER.url() + "/toD?name=${url(${variable.value})}&limit=5&httpMethod=GET");
                from("direct:list").recipientList(simple("direct:${variable.value}"));
                from("direct:options").toD("direct:part?timeout=${variable.value}");
                from("direct:part").log("x");
            }
        });
        CAMEL.start();
        producer = CAMEL.createProducerTemplate();
    }

    @AfterAll
    static void stop() {
        CAMEL.stop();
        SERVER.close();
    }

    /** Why the documented way is a static URI and headers: the value of a toD is decoded, or encoded once more. */
    @Test
    void isUndoneByToD() {
        assertThat(send("direct:dynamicPath", HOSTILE)).isEqualTo("/toD/a/b?c=d&e%20%2F%20../x");
        assertThat(send("direct:dynamicQuery", "a/b")).isEqualTo("/toD?name=a%252Fb&limit=5");
    }

    /** Why validate lets a value be no more than the name behind direct: and the like, and only where there is one target. */
    @Test
    void aValueLeavesAListAndTheOptionsOfAToD() {
        assertThat(send("direct:list", "part," + SERVER.url() + "/elsewhere?httpMethod=GET"))
                .isEqualTo("/elsewhere");

        send("direct:options", "5&failIfNoConsumers=false");
        assertThat(CAMEL.getEndpoints()).extracting(Endpoint::getEndpointUri).anySatisfy(uri -> assertThat(uri)
                .contains("failIfNoConsumers=false"));
    }

    @Test
    void makesNoEndpointForEachValue() {
        int before = CAMEL.getEndpoints().size();

        send("direct:path", "one");
        send("direct:query", "two");

        assertThat(CAMEL.getEndpoints()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HOSTILE,
                "${body}",
                "',${bean:type:java.lang.System?method=exit},'",
                "RAW(x)",
                "{{user.home}}",
                "a#b;c=1",
                "ünï 漢字 🐑",
                "\r\nX-Injected: 1",
                "100%",
                "+",
                "%2e%2e",
                "...",
                "~user"
            })
    void keepsAValueOnePathSegmentAndOneQueryValue(String value) {
        String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");

        assertThat(send("direct:path", value)).isEqualTo("/api/customers/" + encoded + "/orders");
        assertThat(send("direct:query", value)).isEqualTo("/api?name=" + encoded + "&limit=5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void refusesAValueThatWouldNameAnotherResource(String value) {
        int before = SERVER.requests().size();

        Exchange sent = producer.request("direct:path", exchange -> exchange.setVariable("value", value));

        assertThat(sent.getException()).isInstanceOf(UrlValueException.class);
        assertThat(SERVER.requests()).hasSize(before);
    }

    @Test
    void refusesAMissingValue() {
        assertThat(producer.request("direct:path", exchange -> {}).getException())
                .isInstanceOf(UrlValueException.class);
    }

    private static String send(String route, String value) {
        Exchange sent = producer.request(route, exchange -> exchange.setVariable("value", value));
        if (sent.getException() != null) {
            return sent.getException().toString();
        }
        List<FaultyServer.Request> requests = SERVER.requests();
        return requests.get(requests.size() - 1).target();
    }
}
