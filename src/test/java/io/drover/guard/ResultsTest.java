package io.drover.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.guard.Settlement.Returned;
import io.drover.json.Json;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGStatement;
import org.postgresql.util.PGobject;

/** What a body becomes as a result: the value is always the document, and what is not data is refused by name. */
@Quick
class ResultsTest {

    private static final int ENOUGH = 10_000;

    /** A bean that holds itself, by a way round. */
    public static class Ring {
        public List<Ring> getNext() {
            return List.of(new Ring());
        }
    }

    /** A bean that cannot be read. */
    public static class Unread {
        public String getOwner() throws ConnectException {
            throw new ConnectException("no route");
        }
    }

    static Stream<Arguments> values() throws Exception {
        return Stream.of(
                Arguments.of(Timestamp.from(Instant.parse("2026-11-20T02:11:00Z")), "2026-11-20T02:11:00.000+00:00"),
                Arguments.of(
                        Timestamp.from(Instant.parse("2026-11-20T02:11:00.123456Z")),
                        "2026-11-20T02:11:00.123456+00:00"),
                Arguments.of(new Timestamp(PGStatement.DATE_POSITIVE_INFINITY), "infinity"),
                Arguments.of(new java.sql.Date(PGStatement.DATE_NEGATIVE_INFINITY), "-infinity"),
                Arguments.of(postgres("jsonb", "{\"a\": {\"b\": [1, 2]}}"), Map.of("a", Map.of("b", List.of(1, 2)))),
                Arguments.of(postgres("inet", "10.0.0.1/8"), "10.0.0.1/8"),
                Arguments.of(postgres("json", null), null),
                Arguments.of(new byte[] {1, -1}, "Af8="),
                Arguments.of(Optional.of(5), 5),
                Arguments.of(Optional.empty(), null),
                Arguments.of(Double.NaN, "NaN"),
                Arguments.of(2.5E7, new BigDecimal("2.5E7")),
                Arguments.of(Duration.ofHours(26), "PT26H"),
                Arguments.of(Map.of(1, 2L), Map.of("1", 2)),
                Arguments.of(new StringBuilder("a\ud800"), "a?"),
                Arguments.of(List.of(1, 2).iterator(), List.of(1, 2)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueIsItsDocument(Object body, Object expected) throws Exception {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("v", body);

        Returned result = read(row, ENOUGH);

        assertThat(result.value()).isEqualTo(Collections.singletonMap("v", expected));
        assertThat(result.value()).isEqualTo(Json.value(result.document()));
    }

    @Test
    void whatIsNotDataIsRefusedByNameAndIsNotTakenForACallThatDidNotHappen() {
        assertThatThrownBy(() -> read(new Ring(), 1_000_000))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("ResultsTest$Ring")
                .hasMessageContaining("next[0].next")
                .hasMessageContaining("nesting depth");
        assertThatThrownBy(() -> read(List.of(new Unread()), ENOUGH))
                .isInstanceOf(ResultException.class)
                .hasMessageContaining("cannot be written as JSON: no route")
                .satisfies(thrown -> assertThat(FailureClassifier.of(thrown).surelyDidNotHappen())
                        .isFalse());
        assertThatThrownBy(() -> read(Map.of("in", new ByteArrayInputStream(new byte[0])), ENOUGH))
                .hasMessageContaining("java.io.ByteArrayInputStream has no content of its own");
        assertThatThrownBy(() -> read(Map.of("in", new StringReader("x")), ENOUGH))
                .isInstanceOf(ResultException.class);
    }

    @Test
    void anEndlessIteratorEndsAtTheLimit() {
        Iterator<String> endless = Stream.generate(() -> "x").iterator();

        assertThatThrownBy(() -> read(endless, ENOUGH)).hasMessageContaining("longer than 10000 bytes");
    }

    private static Returned read(Object body, int maxBytes) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Exchange exchange = new DefaultExchange(camel);
            exchange.getMessage().setBody(body);
            return ResultReader.read(exchange, maxBytes);
        }
    }

    private static PGobject postgres(String type, String value) throws Exception {
        PGobject object = new PGobject();
        object.setType(type);
        object.setValue(value);
        return object;
    }
}
