package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** What {@code validate} says about a file of flags, and about routes that ask for flags. */
@Quick
class FlagsFileTest {

    private static final String SWITCH = "variants: { on: true, off: false }, defaultVariant: off";

    @TempDir
    Path directory;

    private final MockEnvironment environment = new MockEnvironment();

    private List<String> problems() {
        return RouteValidator.standalone(environment).validate(directory).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    private List<String> problems(String flags) throws IOException {
        Files.writeString(directory.resolve("flags.yaml"), flags);
        return problems();
    }

    private List<String> problemsOf(String targeting) throws IOException {
        return problems(
                "flags:\n  new:\n    { state: ENABLED, %s,\n      targeting: %s }".formatted(SWITCH, targeting));
    }

    private void route(String name, String from, String step) throws IOException {
        Files.writeString(
                directory.resolve(name + ".camel.yaml"),
                """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - setBody:
                            expression:
                              simple:
                                expression: "%s"
                """
                        .formatted(name, from, step));
    }

    @Test
    void takesFlagsOfEachTypeInYamlAndInJson() throws IOException {
        assertThat(
                        problems(
                                """
                                $schema: https://flagd.dev/schema/v0/flags.json
                                metadata: { flagSetId: support }
                                $evaluators:
                                  ours: { ends_with: [ { var: user }, "@example.org" ] }
                                flags:
                                  new-model:
                                    state: ENABLED
                                    variants: { on: default, off: small }
                                    defaultVariant: off
                                    targeting:
                                      if:
                                        - { $ref: ours }
                                        - on
                                        - fractional: [ [on, 5], [off, 95] ]
                                  limit: { state: ENABLED, variants: { low: 1, high: 2.5 }, defaultVariant: low }
                                  options: { state: ENABLED, variants: { a: { x: [1, 2] } }, defaultVariant: a }
                                  by-country:
                                    state: DISABLED
                                    variants: { "true": true, "false": false }
                                    targeting: { "==": [ { var: [country, CH] }, CH ] }
                                    metadata: { owner: ann }
                                  by-key:
                                    { state: ENABLED, variants: { on: true, off: false }, defaultVariant: off,
                                      targeting: { fractional: [ { cat: [ { var: $flagd.flagKey }, { var: root } ] }, [on, 1], [off] ] } }
                                """))
                .isEmpty();
        assertThat(problems("{ \"flags\": { \"x\": { \"state\": \"ENABLED\", \"variants\": { \"on\": true } } } }"))
                .isEmpty();
        assertThat(problems("flags: {}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    flag: {}                                                  | 1: it must hold 'flags:' and flags by name
                    ``                                                        | 1: it must hold 'flags:' and flags by name
                    flags: []                                                 | 1: it must hold 'flags:' and flags by name
                    { flags: {}, flegs: {} }                                  | 1: the file: 'flegs' is not a field; did you mean 'flags'?
                    flags: { "a b": { state: ENABLED, variants: { a: 1 } } }  | 1: flag 'a b': a name is 1 to 100 letters
                    flags: { a: on }                                          | 1: flag a must be a mapping
                    flags: { a: { state: ENABLE, variants: { a: 1 } } }       | 1: flag a: state 'ENABLE': it must be ENABLED or DISABLED; did you mean 'ENABLED'?
                    flags: { a: { variants: { a: 1 } } }                      | 1: flag a: state '': it must be ENABLED or DISABLED
                    flags: { a: { state: ENABLED } }                          | 1: flag a: variants must be 1 to 50 values by name
                    flags: { a: { state: ENABLED, variants: {} } }            | 1: flag a: variants must be 1 to 50 values by name
                    flags: { a: { state: ENABLED, variants: { a: 1, b: x } } }| 1: flag a: variant 'b' must be a boolean, a string, a number or an object
                    flags: { a: { state: ENABLED, variants: { a: null } } }   | 1: flag a: variant 'a' must be a boolean, a string, a number or an object
                    flags: { a: { state: ENABLED, variants: { on: 1, off: 2 }, defaultVariant: of } } | 1: flag a: defaultVariant 'of' is no variant; did you mean
                    flags: { a: { state: ENABLED, variants: { on: 1 }, targetting: {} } } | 1: flag a: 'targetting' is not a field; did you mean 'targeting'?
                    """)
    void saysWhatIsWrongWithAFlag(String flags, String problem) throws IOException {
        assertThat(problems(flags)).singleElement().asString().startsWith("flags.yaml:" + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    { if: [ true, onn, off ] }                     | 'onn' is no variant; did you mean 'on'?
                    { if: [ true, on, { if: [ true, offf ] } ] }   | 'offf' is no variant; did you mean 'off'?
                    { fractional: [ [on, 5], [of, 95] ] }          | 'of' is no variant; did you mean
                    { fractional: [ [on, 5.5], [off, 94.5] ] }     | a share of fractional is the name of a variant and a whole number
                    { fractional: [ [on, 0], [off, 0] ] }          | the shares of fractional add up to nothing
                    { fractional: [ [on, -1], [off, 2] ] }         | a share of fractional is the name of a variant and a whole number
                    { fractional: [ on, off ] }                    | a share of fractional is the name of a variant and a whole number
                    { fractional: on }                             | fractional must be a list of 2 to 50 shares
                    { "==": [ { var: country }, CH ] }             | is true or false: 'true' is no variant
                    { iff: [ true, on ] }                          | 'iff' is not an operation; did you mean 'if'?
                    { if: [ { log: x }, on ] }                     | 'log' is not an operation
                    { reduce: [ [1], { var: current }, 0 ] }       | 'reduce' is not an operation
                    { if: [ true, on ], or: [] }                   | an operation is a mapping with one member
                    { $ref: ours }                                 | there is no 'ours' among $evaluators
                    on                                             | targeting must be an operation of JsonLogic
                    """)
    void saysWhatIsWrongWithATargeting(String targeting, String problem) throws IOException {
        assertThat(problemsOf(targeting)).isNotEmpty().anySatisfy(one -> assertThat(one)
                .startsWith("flags.yaml:4: flag new: targeting")
                .contains(problem));
    }

    @Test
    void anEvaluatorCannotNameAnother() throws IOException {
        assertThat(
                        problems(
                                """
                                $evaluators:
                                  a: { if: [ { $ref: b }, on ] }
                                  b: { if: [ true, on ] }
                                flags:
                                  new: { state: ENABLED, variants: { on: 1 }, targeting: { $ref: a } }
                                """))
                .containsExactly("flags.yaml:2: flag new: targeting: one of $evaluators cannot name another");
    }

    /** However large or tangled it is, the answer is a sentence, and comes soon. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "deep",
                "deep json",
                "wide",
                "long",
                "twice",
                "aliases",
                "itself",
                "evaluators",
                "binary",
                "numbers"
            })
    void refusesAHostileFile(String how) throws IOException {
        String flags =
                switch (how) {
                    case "deep" -> targeted("{ '!': ".repeat(5_000) + "1" + " }".repeat(5_000));
                    case "deep json" -> "[".repeat(100_000) + "]".repeat(100_000);
                    case "wide" -> targeted("{ cat: [" + "1, ".repeat(50_000) + "1] }");
                    case "long" -> "flags: {}\n# " + "x".repeat(300_000);
                    case "twice" ->
                        "flags:\n  a: { state: ENABLED, variants: { on: 1 } }\n  a: { state: DISABLED, variants: { on: 1 } }";
                    case "aliases" ->
                        IntStream.range(1, 40)
                                .mapToObj(i -> "  e%d: &e%d { cat: [ *e%d, *e%d ] }".formatted(i, i, i - 1, i - 1))
                                .collect(Collectors.joining(
                                        "\n", "$evaluators:\n  e0: &e0 { cat: [x, x] }\n", "\nflags: {}"));
                    case "itself" -> "flags: &f\n  a: *f";
                    case "evaluators" ->
                        "$evaluators: { e: { cat: [%s1] } }\n".formatted("1, ".repeat(1_500))
                                + targeted("{ cat: [ { $ref: e }, { $ref: e } ] }");
                    case "binary" -> "flags: \u0000\u0001";
                    default -> targeted("{ '<': [ 1e999999999, 1 ] }");
                };

        assertThat(problems(flags)).isNotEmpty().allSatisfy(problem -> assertThat(problem)
                .startsWith("flags.yaml:")
                .hasSizeLessThan(500)
                .doesNotContain("Exception"));
    }

    private static String targeted(String targeting) {
        return "flags:\n  new: { state: ENABLED, %s, targeting: %s }".formatted(SWITCH, targeting);
    }

    @Test
    void twoFilesAreOneTooMany() throws IOException {
        Files.createDirectory(directory.resolve("flags"));
        Files.writeString(directory.resolve("flags/flags.yaml"), "flags: {}");

        assertThat(problems("flags: {}"))
                .containsExactly("flags.yaml:1: there is flags/flags.yaml too; put all flags into one file");
    }

    @Test
    void aRouteAsksOnlyForFlagsThatExist() throws IOException {
        route("flow", "task:flow", "${flag:new-modle} ${flag:old:off} $simple{flag:new-model:x}");

        assertThat(problems("flags: { new-model: { state: ENABLED, variants: { on: a } } }"))
                .containsExactly(
                        "flow.camel.yaml:9: there is no flag 'new-modle'; did you mean 'new-model'?; flags are defined in flags.yaml",
                        "flow.camel.yaml:9: there is no flag 'old'; flags are defined in flags.yaml");

        Files.delete(directory.resolve("flags.yaml"));
        assertThat(problems()).hasSize(3);

        environment.setProperty("drover.flags.provider", "bean");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aSettingThatNamesNoFlagIsFound() throws IOException {
        environment.setProperty("drover.tools.refund.flag", "new-modle");
        environment.setProperty("drover.tools.lookup.flag", "new-model");
        environment.setProperty("drover.tools.defaults.flag", "other");

        assertThat(problems("flags: { new-model: { state: ENABLED, variants: { on: true } } }"))
                .containsExactly(
                        "flags.yaml:1: drover.tools.defaults.flag (other): there is no flag 'other'; flags are defined in flags.yaml",
                        "flags.yaml:1: drover.tools.refund.flag (new-modle): there is no flag 'new-modle'; did you mean 'new-model'?; flags are defined in flags.yaml");

        Files.delete(directory.resolve("flags.yaml"));
        assertThat(problems()).hasSize(3);

        environment.setProperty("drover.flags.provider", "bean");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aTriggerHasNoFlags() throws IOException {
        route("trigger", "quartz:tick?cron=0 0 * * * ?", "${flag:new-model}");

        assertThat(problems("flags: { new-model: { state: ENABLED, variants: { on: a } } }"))
                .contains(
                        "trigger.camel.yaml:9: ${flag:new-model} works only in a task, and a trigger has none yet; ask for it in the workflow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${flag:}", "${flag:a b}", "${flag:x:'y'}", "${flag:.x}", "${flag:x:${body}}"})
    void whatIsNoFlagDoesNotParse(String expression) throws IOException {
        route("flow", "task:flow", expression);

        assertThat(problems("flags: { x: { state: ENABLED, variants: { on: a } } }"))
                .isNotEmpty()
                .allSatisfy(problem ->
                        assertThat(problem).startsWith("flow.camel.yaml:9: ").contains("does not parse"));
    }
}
