package io.drover.camel.simple;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a value holds, it arrives as one path segment and one query value, to the letter. */
class UrlFunctionTest {

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        PluginHelper.getSimpleFunctionRegistry(camel).addFunction(new UrlFunction());
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                String base = "http://localhost:" + server.getAddress().getPort();
                from("direct:headers")
                        .setHeader("CamelHttpPath", simple("/orders/${url(${variable.x})}/items"))
                        .setHeader("CamelHttpQuery", simple("q=${url(${variable.x})}&z=1"))
                        .to(base);
            }
        });
        camel.start();
    }

    @AfterEach
    void stop() {
        camel.stop();
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "a b",
                "a+b",
                "a/b",
                "../up",
                "..",
                "a?b=c",
                "a&z=2",
                "a#b",
                "100%",
                "%2F",
                "%252F",
                "50%25",
                "Ärger €",
                "\"quote\" 'n' <tag>",
                "${env.PATH}",
                "${body}",
                "{{x}}",
                "a\\b",
                "a;b",
                "a:b@c",
                "RAW(x)",
                "~002F",
                "a=b",
                "*",
                "x\ny"
            })
    void keepsAValueInItsPlace(String value) {
        var sent = camel.createFluentProducerTemplate()
                .to("direct:headers")
                .withExchange(exchange(value))
                .send();

        assertThat(sent.getException()).isNull();
        assertThat(requests).hasSize(1);
        assertThat(parts(requests.get(0))).as(requests.get(0)).containsExactly("orders", value, "items", value, "1");
    }

    private org.apache.camel.Exchange exchange(String value) {
        var exchange = new org.apache.camel.support.DefaultExchange(camel);
        exchange.setVariable("x", value);
        return exchange;
    }

    /** As any server reads a request line: split first, then decode once. */
    private static List<String> parts(String uri) {
        int query = uri.indexOf('?');
        List<String> parts = new java.util.ArrayList<>();
        for (String segment : uri.substring(1, query).split("/")) {
            parts.add(decode(segment.replace("+", "%2B")));
        }
        for (String parameter : uri.substring(query + 1).split("&")) {
            parts.add(decode(parameter.substring(parameter.indexOf('=') + 1)));
        }
        return parts;
    }

    private static String decode(String text) {
        return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
    }
}
