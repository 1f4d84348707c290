package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.StandardEnvironment;

/** Documents that are small on disk, and endless to whoever walks them. */
@Quick
class YamlSizeTest {

    private final RouteValidator validator = RouteValidator.standalone(new StandardEnvironment());

    static List<String> endless() {
        return List.of(
                "&a [*a]\n",
                "&a {b: *a}\n",
                "- route: &a\n    id: self\n    from:\n      uri: tool:self\n      steps:\n        - *a\n",
                bomb(),
                "[".repeat(50_000),
                "{a: ".repeat(50_000),
                "- ".repeat(50_000),
                "a: |\n  " + "x".repeat(1_100_000));
    }

    /** Ten aliases of ten aliases, and so on. */
    static String bomb() {
        StringBuilder text = new StringBuilder(
                "- route:\n    id: bomb\n    from:\n      uri: tool:bomb\n      steps:\n        - setBody: { constant: x }\n");
        text.append("    x0: &x0 [lol]\n");
        for (int i = 1; i < 10; i++) {
            text.append("    x%d: &x%d [".formatted(i, i))
                    .append("*x%d, ".formatted(i - 1).repeat(10))
                    .append("]\n");
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("endless")
    void isRefusedByName(String text) {
        assertThat(validator
                        .problems(Path.of("routes"), "x.camel.yaml", text)
                        .first()
                        .message())
                .startsWith("not YAML: ")
                .containsAnyOf(
                        "nested more than",
                        "aliases stand for more than",
                        "exceeds the limit",
                        "exceeds the specified max");
        assertThat(validator
                        .reader()
                        .parsed(Path.of("routes"), Path.of("routes/x.camel.yaml"), text, 0)
                        .from())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toD: 'https://localhost/${url(%s)}'|x",
                "toD: 'https://localhost/${url(%s)}'|${body}",
                "toD: 'https://localhost/${url(${body%s})}'|[x]",
                "setBody: { simple: '${body%s}' }|[x]",
                "setBody: { simple: '${variable.answer%s}' }|?[x]",
                "to: { uri: 'timer:x', parameters: { period: '%s' } }|1d"
            })
    void aLongTextIsReadToItsEnd(String step) {
        String[] parts = step.split("\\|");
        String text = parts[0].formatted(parts[1].repeat(100_000 / parts[1].length()));
        String route =
                "- route:\n    id: x\n    from:\n      uri: tool:x\n      steps:\n        - %s\n".formatted(text);

        assertThat(validator.problems(Path.of("routes"), "x.camel.yaml", route)).isNotNull();
    }

    @Test
    void aliasesThatPeopleWriteAreTaken() {
        Yaml yaml = Yaml.parse("- &a {x: 1}\n- *a\n- [*a, *a]\n");

        assertThat(yaml).isNotNull();
        assertThat(yaml.items()).hasSize(3);
    }

    /** The parser reads a text in pieces, and a character of two code units may stand where one ends. */
    @Test
    void aCharacterOfTwoCodeUnitsMayStandAnywhere() {
        for (int before = 0; before < 2_200; before++) {
            String text = "x".repeat(before) + "\ud83d\ude00";
            Yaml read = Yaml.parse("\"" + text + "\"");
            assertThat(read == null ? null : read.text()).isEqualTo(text);
        }
    }
}
