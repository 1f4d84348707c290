package io.drover.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@Quick
class StrictJsonPathTest {

    private static final String DOCUMENT = "{\"a\":[{\"b\":1,\"n\":null},{\"b\":2}],\"s\":\"it's\"}";
    private static final DefaultCamelContext CAMEL = new DefaultCamelContext();

    @BeforeAll
    static void language() {
        CAMEL.getRegistry().bind("jsonpath", new StrictJsonPath());
        CAMEL.build();
    }

    @Test
    void readsTextBytesStreamsAndObjects() {
        byte[] bytes = DOCUMENT.getBytes(StandardCharsets.UTF_8);
        Map<String, Object> object = Map.of("a", List.of(Map.of("b", 1), Map.of("b", 2)));
        byte[] marked = ("\uFEFF" + DOCUMENT).getBytes(StandardCharsets.UTF_16LE);

        for (Object body : Arrays.asList(DOCUMENT, bytes, new ByteArrayInputStream(bytes), object, marked)) {
            assertThat(read("$.a[1].b", body)).isEqualTo(2);
        }
        assertThat(read("$..b", DOCUMENT)).isEqualTo(List.of(1, 2));
        assertThat(read("$.a[0].n", DOCUMENT)).isNull();
    }

    @Test
    void readsAVariable() {
        Exchange exchange = exchange("{}");
        exchange.setVariable("order", DOCUMENT);

        Expression simple = simple("${jsonpath(variable:order,$.s)} ${jsonpath(variable:order,$.a[0].b)}");

        assertThat(simple.evaluate(exchange, String.class)).isEqualTo("it's 1");
    }

    @Test
    void whatIsMissingIsNullInAnArgumentOnly() {
        String missing = "${jsonpath($.a[7].c.d)}";
        Exchange exchange = exchange(DOCUMENT);

        assertThat(simple(MissingFields.areNull(missing)).evaluate(exchange, Object.class))
                .isNull();
        exchange.setVariable("order", DOCUMENT);
        for (String there : List.of("${jsonpath($.s)}", "${jsonpath(variable:order,$.s)}")) {
            assertThat(simple(MissingFields.areNull(there)).evaluate(exchange, Object.class))
                    .isEqualTo("it's");
        }
        assertThatThrownBy(() -> simple(missing).evaluate(exchange, Object.class))
                .hasStackTraceContaining("PathNotFound");
    }

    /** Camel would evaluate this, and what the message holds would be a part of the path. */
    @Test
    void takesNothingFromTheMessageIntoThePath() {
        Exchange exchange = exchange(DOCUMENT);
        exchange.setVariable("n", "1 || 1 == 1");

        assertThat(language("$.a[?(@.b == '${variable.n}')]").evaluate(exchange, List.class))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNoJson() {
        for (String text : List.of("{a:1}", "{\"a\":1,\"a\":2}", "[".repeat(101) + "]".repeat(101), "hello")) {
            assertThatThrownBy(() -> read("$.a", text))
                    .hasStackTraceContaining("jsonpath reads JSON, and this is none");
        }
    }

    private static Object read(String path, Object body) {
        return language(path).evaluate(exchange(body), Object.class);
    }

    private static Expression language(String path) {
        Expression expression = CAMEL.resolveLanguage("jsonpath").createExpression(path);
        expression.init(CAMEL);
        return expression;
    }

    private static Expression simple(String text) {
        Expression expression = CAMEL.resolveLanguage("simple").createExpression(text);
        expression.init(CAMEL);
        return expression;
    }

    private static Exchange exchange(Object body) {
        Exchange exchange = new DefaultExchange(CAMEL);
        exchange.getMessage().setBody(body);
        return exchange;
    }
}
