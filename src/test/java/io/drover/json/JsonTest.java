package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.Quick;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the door for JSON lets in, and how it spells it. */
@Quick
class JsonTest {

    static List<String> refused() {
        return List.of(
                "1e30000000",
                "-1E+30000000",
                "1e-30000000",
                "1e401",
                "[1,{\"n\":1e99999999999999999999}]",
                "0.1e999999999",
                "9".repeat(101),
                "\"\\ud800\"",
                "\"\\udc00\\ud800\"",
                "\"x\\ud83d\"",
                "{\"\\ud800\":1}",
                "\"\\u0000\"",
                "{\"a\\u0000\":1}",
                "{\"a\":1,\"a\":2}",
                "[{\"a\":1,\"b\":2,\"\\u0061\":3}]",
                "1 2",
                "{}{}",
                "NaN",
                "Infinity",
                "01",
                "[".repeat(101) + "]".repeat(101),
                "{\"" + "n".repeat(60_000) + "\":1}",
                "");
    }

    @ParameterizedTest
    @MethodSource("refused")
    void everyReaderRefuses(String document) {
        assertThatThrownBy(() -> Json.parse(document)).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.value(document)).isInstanceOf(JsonProcessingException.class);
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> Json.mapper().readValue(bytes, Map.class)).isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.mapper().readValue(new ByteArrayInputStream(bytes), Object.class))
                .isInstanceOf(JsonProcessingException.class);
        assertThatThrownBy(() -> Json.mapper().readValue(new StringReader(document), Object.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void refusesHalvesOfPairsThatComeAsBytes() {
        byte[] half = {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'};

        assertThatThrownBy(() -> Json.mapper().readTree(half)).isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void aReasonIsShortWhateverTheDocumentHolds() {
        String name = "9".repeat(20_000);

        assertThatThrownBy(() -> Json.parse("{\"" + name + "\":1,\"" + name + "\":2}"))
                .isInstanceOfSatisfying(JsonProcessingException.class, e -> assertThat(Json.reason(e))
                        .hasSizeLessThan(350)
                        .startsWith("Duplicate field '999")
                        .contains("… (20"));
    }

    @ParameterizedTest
    @CsvSource({
        "5.0, 5, 5",
        "-0.0, 0, 0",
        "1e2, 100, 1E+2",
        "100, 100, 1E+2",
        "2147483648.0, 2147483648, 2147483648",
        "9007199254740993.0, 9007199254740993, 9007199254740993",
        "18446744073709551617.0, 18446744073709551617, 18446744073709551617",
        "1.8446744073709551617e19, 18446744073709551617, 18446744073709551617",
        "1.50, 1.5, 1.5",
        "1e-7, 1E-7, 1E-7",
        "1e400, 1E+400, 1E+400"
    })
    void anIntegerIsAnIntegerHoweverItIsSpelled(String document, String read, String canonical) throws Exception {
        JsonNode node = Json.parse(document);

        assertThat(node).hasToString(read);
        assertThat(node.isIntegralNumber()).isEqualTo(!read.contains(".") && !read.contains("E"));
        assertThat(Json.canonical(node)).isEqualTo(canonical);
        assertThat(Json.canonical(Json.tree(new BigDecimal(document)))).isEqualTo(canonical);
    }

    /** Addresses of recorded calls are made of these spellings: they are those of the first release. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    {"b":1,"a":[true,null,"x"]}      | {"a":[true,null,"x"],"b":1}
                    {"n":1000,"m":10.50,"k":0.001}   | {"k":0.001,"m":10.5,"n":1E+3}
                    {"big":123456789012345678901234} | {"big":123456789012345678901234}
                    [1e3,1E-3,-5.0,0.0]              | [1E+3,0.001,-5,0]
                    "é😀\\n"                          | "é😀\\n"
                    """)
    void theCanonicalSpellingNeverChanges(String document, String canonical) throws Exception {
        assertThat(Json.canonical(Json.parse(document))).isEqualTo(canonical);
        assertThat(Json.canonical(Json.tree(Json.value(document)))).isEqualTo(canonical);
    }

    /** Two calls whose arguments differ where a double has no digits any more are two calls. */
    @ParameterizedTest
    @CsvSource({
        "9007199254740992, 9007199254740993",
        "9007199254740992.5, 9007199254740992.75",
        "0.1, 0.10000000000000000000001",
        "1e308, 1.00000000000000000001e308",
        "1e-399, 2e-399",
        "123456789012345678901234567890, 123456789012345678901234567891"
    })
    void numbersThatDifferHaveOtherSpellings(String one, String other) throws Exception {
        assertThat(Json.canonical(Json.parse(one))).isNotEqualTo(Json.canonical(Json.parse(other)));
        assertThat(Json.canonical(Json.tree(Json.value(one))))
                .isNotEqualTo(Json.canonical(Json.tree(Json.value(other))));
        JsonNode envelope = Json.envelope("{\"a\":%s,\"b\":%s}".formatted(one, other));
        assertThat(Json.canonical(envelope.path("a"))).isNotEqualTo(Json.canonical(envelope.path("b")));
        Map<?, ?> bound = Json.mapper().readValue("{\"a\":%s,\"b\":%s}".formatted(one, other), Map.class);
        assertThat(Json.canonical(Json.tree(bound.get("a")))).isNotEqualTo(Json.canonical(Json.tree(bound.get("b"))));
    }

    @Test
    void aValueKeepsTheZerosOfItsDecimals() throws Exception {
        assertThat(Json.value("5.0")).isEqualTo(new BigDecimal("5.0"));
    }

    @Test
    void whatIsRecordedIsNotJudgedAgain() throws Exception {
        assertThat(Json.recorded("{\"a\":1,\"a\":2,\"n\":" + "9".repeat(300) + "}"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsEntry("a", 2);
    }

    @Test
    void whatNoParserHasReadHasNoSpellingEither() {
        for (Object value : List.of(
                new BigDecimal("1e30000000"), Double.NaN, Float.NEGATIVE_INFINITY, "\ud800", Map.of("a\0", 1))) {
            assertThatThrownBy(() -> Json.canonical(Json.tree(List.of(value))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("it holds");
        }
    }

    @Test
    void namesOfEqualHashesCostNoMoreThanOthers() throws Exception {
        StringBuilder document = new StringBuilder("{\"x\":1");
        for (int i = 0; i < 1 << 14; i++) {
            document.append(",\"").append(collision(i, 14)).append("\":").append(i);
        }

        assertThat(Json.parse(document.append("}").toString())).hasSize((1 << 14) + 1);
    }

    /** Texts of which all have the same {@code hashCode}. */
    static String collision(int number, int bits) {
        StringBuilder text = new StringBuilder();
        for (int bit = 0; bit < bits; bit++) {
            text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return text.toString();
    }
}
