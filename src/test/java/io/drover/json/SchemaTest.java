package io.drover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Effort;
import io.drover.Quick;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Quick
class SchemaTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    {"type":"object"}                                                              | {}            | 0
                    {"type":"object"}                                                              | {"b":1}       | 1
                    {"properties":{"a":{"type":"object"}}}                                         | {"a":{"b":1}} | 0
                    {"properties":{"a":{}}}                                                        | {"a":1,"b":2} | 1
                    {"patternProperties":{"^x-":{}}}                                               | {"x-b":2}     | 0
                    {"$ref":"#/$defs/d","$defs":{"d":{"properties":{"a":{}}}}}                     | {"a":1}       | 0
                    {"$ref":"#/$defs/d","$defs":{"d":{"properties":{"a":{}}}}}                     | {"b":1}       | 1
                    {"oneOf":[{"required":["a"],"properties":{"a":{}}},{"required":["c"],"properties":{"c":{}}}]} | {"c":1} | 0
                    {"additionalProperties":{"type":"integer"}}                                    | {"b":2}       | 0
                    {"additionalProperties":true}                                                  | {"global:b":2}| 1
                    {"properties":{"a:b":{}}}                                                      | {"a:b":2}     | 1
                    true                                                                           | {"b":1}       | 0
                    """)
    void aToolTakesWhatItsSchemaDeclares(String schema, String arguments, int problems) throws Exception {
        assertThat(Schema.ofSchema(schema).ofTool().problems(Json.parse(arguments)))
                .hasSize(problems);
    }

    @Test
    void showsTheSchemaAsItWasWritten() {
        assertThat(Schema.ofSchema("{\"type\":\"object\"}").ofTool().schema()).hasToString("{\"type\":\"object\"}");
    }

    @Test
    void anInputMayHoldMoreThanItsSchemaDeclares() throws Exception {
        assertThat(Schema.ofSchema("{\"properties\":{\"a\":{}}}").problems(Json.parse("{\"b:c\":1}")))
                .isEqualTo(List.of());
    }

    @Test
    void aParametersNameHoldsNoColon() {
        assertThatThrownBy(() -> Schema.ofTypes(Map.of("global:x", "string")))
                .hasMessageContaining("parameter.global:x");
    }

    /** The places where a number of a common type would wrap or lose its last digit. */
    static List<java.math.BigInteger> edges() {
        List<java.math.BigInteger> edges = new java.util.ArrayList<>();
        for (int bits : new int[] {7, 31, 32, 53, 63, 64, 128, 300}) {
            for (int near = -2; near <= 2; near++) {
                java.math.BigInteger edge = java.math.BigInteger.TWO.pow(bits).add(java.math.BigInteger.valueOf(near));
                edges.add(edge);
                edges.add(edge.negate());
            }
        }
        return edges;
    }

    @ParameterizedTest
    @MethodSource("edges")
    void limitsHoldAtEveryEdgeInEverySpelling(java.math.BigInteger edge) throws Exception {
        String below = "{\"type\":\"integer\",\"maximum\":%s}".formatted(edge.subtract(java.math.BigInteger.ONE));
        String above = "{\"type\":\"integer\",\"minimum\":%s}".formatted(edge.add(java.math.BigInteger.ONE));
        String small = "{\"type\":\"integer\",\"minimum\":-100,\"maximum\":100}";
        String exclusive = "{\"type\":[\"number\",\"null\"],\"exclusiveMaximum\":%s.0}".formatted(edge);
        String equal = "{\"const\":%s,\"enum\":[%s.0],\"minimum\":%s,\"maximum\":%s}".formatted(edge, edge, edge, edge);
        String even = "{\"multipleOf\":2}";
        for (String number : List.of(edge.toString(), edge + ".0", edge + "00e-2", edge + "e0")) {
            if (number.length() > 100) {
                continue;
            }
            assertThat(problems(below, number)).as("%s below %s", number, edge).hasSize(1);
            assertThat(problems(above, number)).as("%s above %s", number, edge).hasSize(1);
            assertThat(problems(small, number)).as("%s small", number).hasSize(1);
            assertThat(problems(exclusive, number)).as("%s exclusive", number).hasSize(1);
            assertThat(problems(equal, number)).as("%s equal", number).isEmpty();
            assertThat(problems(even, number)).as("%s even", number).hasSize(edge.testBit(0) ? 1 : 0);
        }
    }

    private static List<String> problems(String schema, String value) throws Exception {
        return Schema.ofSchema(schema).problems(Json.parse(value));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    {"type":"integer"}                    | 5.0                     | 0
                    {"type":"integer"}                    | 5.5                     | 1
                    {"type":"integer"}                    | 1e400                   | 0
                    {"type":"integer","maximum":100}      | 18446744073709551617.0  | 1
                    {"multipleOf":0.01}                   | 1e400                   | 0
                    {"multipleOf":0.01}                   | 0.10                    | 0
                    {"multipleOf":1}                      | 1e-13                   | 1
                    {"multipleOf":0.1}                    | 9007199254740993.05     | 1
                    {"maximum":9007199254740992.5}        | 9007199254740992.75     | 1
                    {"minimum":0.1}                       | 0.09999999999999999999999 | 1
                    {"exclusiveMinimum":0.1}              | 0.10000000000000000000001 | 0
                    {"const":0.1}                         | 0.10000000000000000000001 | 1
                    {"enum":[1e308]}                      | 1.00000000000000000001e308 | 1
                    {"uniqueItems":true}                  | [1,1.0]                 | 1
                    {"uniqueItems":true}                  | [{"a":1,"b":2.0},{"b":2,"a":1}] | 1
                    {"uniqueItems":true}                  | [0.10000000000000000000001,0.10000000000000000000002] | 0
                    {"enum":[{"n":1e2}]}                  | {"n":100.0}             | 0
                    {"const":[1.50]}                      | [1.5]                   | 0
                    """)
    void numbersAreComparedExactly(String schema, String value, int problems) throws Exception {
        assertThat(problems(schema, value)).hasSize(problems);
    }

    @Test
    void aNumberThatNoParserHasReadIsRefused() {
        assertThat(Schema.ofSchema("{\"multipleOf\":0.01}").problems(Json.tree(new java.math.BigDecimal("1e30000000"))))
                .singleElement()
                .asString()
                .contains("exponent");
        assertThat(Schema.ofTypes(Map.of("n", "number")).problems(Json.tree(Map.of("n", Double.NaN))))
                .singleElement()
                .asString()
                .contains("NaN");
    }

    /** Nothing listens there; a fetch would be another error, and later. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:9/x",
                "https://json-schema.org/draft/2020-12/schema",
                "file:///etc/passwd",
                "classpath:application.yaml",
                "jar:file:/x.jar!/y",
                "ftp://127.0.0.1:9/x",
                "other.json",
                "//127.0.0.1:9/x",
                "urn:x",
                "#/nope",
                "#nope"
            })
    void aReferenceToWhatIsNotInTheDocumentIsRefusedWhenTheSchemaIsLoaded(String reference) {
        for (String keyword : List.of("$ref", "$dynamicRef")) {
            for (String schema : List.of(
                    "{'%s':'%s'}",
                    "{'properties':{'a':{'%s':'%s'}}}",
                    "{'allOf':[{'not':{'items':{'%s':'%s'}}}]}",
                    "{'properties':{'a':{'$ref':'#/$defs/b'}},'$defs':{'b':{'properties':{'c':{'%s':'%s'}}}}}")) {
                assertThatThrownBy(() -> Schema.ofSchema(
                                schema.formatted(keyword, reference).replace('\'', '"')))
                        .as(schema)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("the schema cannot be used");
            }
        }
        assertThatThrownBy(() -> Schema.ofSchema("{\"$schema\":\"http://127.0.0.1:9/meta\"}"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schema.ofSchema("{\"$id\":\"http://127.0.0.1:9/id\",\"$ref\":\"x\"}"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref':'#'}",
                "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}}}",
                "{'properties':{'a':{'$ref':'#/properties/a'}}}"
            })
    void aReferenceToItselfIsRefused(String schema) {
        assertThatThrownBy(() -> Schema.ofSchema(schema.replace('\'', '"')))
                .hasMessageContaining("leads only to itself");
    }

    @Test
    void aSchemaMayDescribeATree() throws Exception {
        Schema tree = Schema.ofSchema("{\"properties\":{\"c\":{\"$ref\":\"#\"}},\"additionalProperties\":false}");

        assertThat(tree.problems(Json.parse("{\"c\":".repeat(90) + "{}" + "}".repeat(90))))
                .isEmpty();
        assertThat(tree.problems(Json.parse("{\"c\":{\"c\":{\"d\":1}}}"))).hasSize(1);
    }

    /** Each would take hours, or all memory. */
    @ParameterizedTest
    @ValueSource(strings = {"allOf", "anyOf", "oneOf", "properties"})
    void referencesThatDoubleEnd(String keyword) throws Exception {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/a0\",\"$defs\":{");
        String parts = keyword.equals("properties")
                ? "{\"x\":{\"$ref\":\"#/$defs/a%1$d\"},\"y\":{\"$ref\":\"#/$defs/a%1$d\"}}"
                : "[{\"$ref\":\"#/$defs/a%1$d\"},{\"$ref\":\"#/$defs/a%1$d\"}]";
        for (int i = 0; i < 40; i++) {
            schema.append("\"a%d\":{\"%s\":%s},".formatted(i, keyword, parts.formatted(i + 1)));
        }
        Schema arguments =
                Schema.ofSchema(schema.append("\"a40\":{\"type\":\"string\"}}}").toString());

        for (int i = 0; i < 3; i++) {
            assertThat(arguments.problems(Json.parse("{\"x\":1}"))).hasSize(keyword.equals("properties") ? 0 : 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"^(a+)+$", "^([A-Za-z0-9]+[ ._-]?)+$", "^(a|a|aa)+$", "(a*)*b", "^(?:a|b)+$"})
    void aPatternEnds(String pattern) throws Exception {
        String text = "a".repeat(Effort.of(3_000, 30_000)) + "!";
        Schema arguments =
                Schema.ofSchema("{\"properties\":{\"s\":{\"pattern\":\"%s\"}},\"patternProperties\":{\"%s\":{}}}"
                        .formatted(pattern, pattern));

        assertThat(arguments.problems(Json.parse("{\"s\":\"" + text + "\"}"))).hasSize(1);
        assertThat(arguments.problems(Json.parse("{\"" + text + "\":1}"))).hasSizeLessThan(2);
    }

    @Test
    void aBadPatternIsNoSchema() {
        assertThatThrownBy(() -> Schema.ofSchema("{\"pattern\":\"(\"}")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itemsOfEqualHashesCostNoMoreThanOthers() throws Exception {
        StringBuilder items = new StringBuilder("[\"x\"");
        for (int i = 0; i < 1 << 15; i++) {
            items.append(",\"").append(JsonTest.collision(i, 15)).append('"');
        }

        assertThat(problems("{\"uniqueItems\":true}", items.append("]").toString()))
                .isEmpty();
    }

    @Test
    void problemsAreShort() throws Exception {
        String name = "9".repeat(40_000);

        assertThat(problems("{\"additionalProperties\":false}", "{\"" + name + "\":1}"))
                .singleElement()
                .asString()
                .hasSizeLessThan(350);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"type\":\"object\"}",
                "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}",
                "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\",\"title\":\"none\"}"
            })
    void takesNothing(String schema) {
        assertThat(Schema.ofSchema(schema).ofTool().takesNothing()).isTrue();
        assertThat(Schema.ofTypes(Map.of()).takesNothing()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "{\"properties\":{\"a\":{}}}",
                "{\"additionalProperties\":true}",
                "{\"additionalProperties\":{}}",
                "{\"unevaluatedProperties\":{\"type\":\"string\"}}",
                "{\"patternProperties\":{\"a\":{}}}",
                "{\"anyOf\":[{\"properties\":{\"a\":{}}},{}]}",
                "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"properties\":{\"a\":{}}}}}"
            })
    void maySomeWayTakeSomething(String schema) {
        assertThat(Schema.ofSchema(schema).ofTool().takesNothing()).isFalse();
    }
}
