package io.drover.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {

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
        assertThat(Arguments.ofSchema(schema).ofTool().problems(Json.parse(arguments)))
                .hasSize(problems);
    }

    @Test
    void showsTheSchemaAsItWasWritten() {
        assertThat(Arguments.ofSchema("{\"type\":\"object\"}").ofTool().schema())
                .hasToString("{\"type\":\"object\"}");
    }

    @Test
    void anInputMayHoldMoreThanItsSchemaDeclares() throws Exception {
        assertThat(Arguments.ofSchema("{\"properties\":{\"a\":{}}}").problems(Json.parse("{\"b:c\":1}")))
                .isEqualTo(List.of());
    }

    @Test
    void aParametersNameHoldsNoColon() {
        assertThatThrownBy(() -> Arguments.ofTypes(Map.of("global:x", "string")))
                .hasMessageContaining("parameter.global:x");
    }
}
