package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.drover.Quick;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.mock.env.MockEnvironment;

/** An editor marks nothing in a file that is right, and marks the usual slips. */
@Quick
class EditorSchemaTest {

    private static final Map<String, EditorSchema> SCHEMAS =
            EditorSchema.all().stream().collect(Collectors.toMap(EditorSchema::file, schema -> schema));

    private static final JsonSchema ROUTES = compiled("routes.schema.json");

    static List<Path> directories() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("src/test/resources"))) {
            List<Path> directories = new ArrayList<>(
                    all.filter(path -> path.getFileName().toString().startsWith("routes-"))
                            .sorted()
                            .toList());
            directories.add(Path.of("routes"));
            return directories;
        }
    }

    /** Problems between files, and in what expressions hold, are not a schema's to know. */
    @ParameterizedTest
    @MethodSource("directories")
    void acceptsWhatValidateAccepts(Path directory) throws IOException {
        Set<String> wrong = new HashSet<>();
        RouteValidator.standalone(new MockEnvironment())
                .validate(directory)
                .problems()
                .forEach(problem -> wrong.add(problem.file()));

        for (Path file : RouteReader.files(directory)) {
            String name = RouteReader.name(directory, file);
            if (!wrong.contains(name)) {
                assertThat(problems(ROUTES, Files.readString(file))).as(name).isEmpty();
            }
        }
        for (String kind : List.of("rules", "flags", "rollouts", "evals")) {
            for (String name : SingleFile.names(kind)) {
                Path file = directory.resolve(name);
                if (Files.exists(file) && !wrong.contains(name)) {
                    assertThat(problems(compiled(kind + ".schema.json"), Files.readString(file)))
                            .as(name)
                            .isEmpty();
                }
            }
        }
    }

    /** The broken files are broken in ways that a schema can say, too. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "from: { uri: 'tool:x', parameters: { timeOut: 5s }, steps: [] }|timeOut",
                "from: { uri: 'tool:x', parameters: { readonlyHint: true }, steps: [] }|readonlyHint",
                "from: { uri: 'tool:x', parameters: { readOnlyHint: maybe }, steps: [] }|readOnlyHint",
                "from: { uri: 'tool:x', parameters: { retries: many }, steps: [] }|retries",
                "from: { uri: 'tool:x', parameters: { timeout: soon }, steps: [] }|timeout",
                "from: { uri: 'tool:x', parameters: { effectScope: world }, steps: [] }|effectScope",
                "from: { uri: 'tool:x', parameters: { arg.a: b }, steps: [] }|arg.a",
                "from: { uri: task, parameters: { name: x, maxAttempt: 5 }, steps: [] }|maxAttempt",
                "from: { uri: 'task:x', steps: [ { to: { uri: 'tool:y', parameters: { timeout: 5s } } } ] }|timeout",
                "from: { uri: 'task:x', steps: [ { to: { uri: 'agent:y', parameters: { tool: z } } } ] }|tool",
                "from: { uri: 'task:x', steps: [ { to: { uri: 'wait:until', parameters: { durations: 5s } } } ] }|durations",
                "from: { uri: 'task:x', steps: [ { pause: 5s } ] }|pause",
                "from: { uri: 'task:x', steps: [ { to: { url: 'tool:y' } } ] }|url",
                "from: { uri: 'task:x', steps: [ { log: hello } ] }|log",
                "from: { uri: 'task:x', steps: [ { setBody: { simple: hello } } ] }|simple",
                "from: { uri: 'task:x', steps: [ { log: { message: hi, loggingLevel: LOUD } } ] }|loggingLevel",
                "from: { uri: 'task:x' }|steps",
                "steps: []|steps"
            })
    void marksASlip(String route, String word) {
        assertThat(problems(ROUTES, "- route: { id: x, %s }".formatted(route)))
                .anySatisfy(problem -> assertThat(problem).contains(word));
    }

    @Test
    void marksWhatIsNotOneRoute() {
        String route = "- route: { id: x, from: { uri: 'task:x', steps: [] } }\n";
        assertThat(problems(ROUTES, route)).isEmpty();
        assertThat(problems(ROUTES, route + route)).isNotEmpty();
        assertThat(problems(ROUTES, "- from: { uri: 'task:x', steps: [] }")).isNotEmpty();
        assertThat(problems(ROUTES, "- route: { from: { uri: 'task:x', steps: [] } }"))
                .isNotEmpty();
    }

    /** Where Camel reads another type, and where a value is known later. */
    @Test
    void acceptsWhatCamelReads() {
        assertThat(
                        problems(
                                ROUTES,
                                """
                        - route:
                            id: x
                            autoStartup: "{{start}}"
                            from:
                              uri: tool:x
                              parameters: { retries: "{{r:2}}", timeout: 1m30s, readOnlyHint: "TRUE", dryRunResult: 5, need: "2" }
                              steps:
                                - log: { message: 5, loggingLevel: warn }
                                - split: { streaming: "true", expression: { simple: { expression: "${body}" } }, steps: [] }
                                - to: { uri: agent, parameters: { name: y, maxCostUsd: "0.10", model: "${flag:m:default}" } }
                        """))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules|rules: [ { id: a, tools: x, then: forbid } ]|",
                "rules|rules: [ { id: a, tools: x, then: forbidden } ]|then",
                "rules|rules: [ { id: A, tools: x, then: ask } ]|id",
                "rules|rules: [ { id: a, tools: x, then: ask, per: args.a } ]|within",
                "rules|rules: [ { id: a, tools: x, then: ask, whem: true } ]|whem",
                "rules|rules: [ { id: a, then: ask } ]|tools",
                "flags|flags: { a: { state: ENABLED, variants: { on: true }, defaultVariant: on } }|",
                "flags|flags: { a: { state: enabled, variants: { on: true } } }|state",
                "flags|flags: { a: { state: ENABLED, variants: { on: [ 1 ] } } }|on",
                "flags|flags: { a: { state: ENABLED } }|variants",
                "flags|flag: {}|flags",
                "rollouts|rollouts: { r: { workflow: w, candidate: 2, guardrails: { x: { when: calls > 2, tolerance: 0.5 } } } }|",
                "rollouts|rollouts: { r: { workflow: w, candidate: 2, steps: [ 0.5, 20, 100 ], window: 12h, inFlight: move } }|",
                "rollouts|rollouts: { r: { workflow: w } }|candidate",
                "rollouts|rollouts: { r: { workflow: w, candidate: 2, steps: [ 0 ] } }|steps",
                "rollouts|rollouts: { r: { workflow: w, candidate: 2, infligt: move } }|infligt",
                "rollouts|rollout: {}|rollouts"
            })
    void marksSlipsInSingleFiles(String kind, String text, String word) {
        List<String> problems = problems(compiled(kind + ".schema.json"), text);
        if (word == null) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).anySatisfy(problem -> assertThat(problem).contains(word));
        }
    }

    /** Each schema has the fields that its reader reads. */
    @Test
    void hasTheFieldsOfTheReaders() {
        JsonNode rules = SCHEMAS.get("rules.schema.json").schema();
        assertThat(names(rules.at("/definitions/rule/properties"))).isEqualTo(new TreeSet<>(RulesReader.FIELDS));
        assertThat(names(rules.at("/definitions/case/properties"))).isEqualTo(new TreeSet<>(RuleCases.FIELDS));
        JsonNode flags = SCHEMAS.get("flags.schema.json").schema();
        assertThat(names(flags.at("/properties"))).isEqualTo(new TreeSet<>(FlagsReader.TOP));
        assertThat(names(flags.at("/definitions/flag/properties"))).isEqualTo(new TreeSet<>(FlagsReader.FIELDS));
        JsonNode rollouts = SCHEMAS.get("rollouts.schema.json").schema();
        assertThat(names(rollouts.at("/properties"))).isEqualTo(new TreeSet<>(RolloutsReader.TOP));
        assertThat(names(rollouts.at("/definitions/rollout/properties")))
                .isEqualTo(new TreeSet<>(RolloutsReader.FIELDS));
        assertThat(names(rollouts.at("/definitions/guardrail/properties")))
                .isEqualTo(new TreeSet<>(RolloutsReader.RAIL_FIELDS));
        JsonNode evals = SCHEMAS.get("evals.schema.json").schema();
        assertThat(names(evals.at("/properties"))).isEqualTo(new TreeSet<>(EvalsReader.TOP));
        assertThat(names(evals.at("/definitions/eval/properties"))).isEqualTo(new TreeSet<>(EvalsReader.FIELDS));
    }

    @Test
    void thePageHasTheSettingsOfTheEditor() throws IOException {
        String page = Files.readString(Path.of("docs/editors.md"));
        String settings =
                page.substring(page.indexOf("```json\n") + 8, page.indexOf("```\n", page.indexOf("```json\n") + 8));

        JsonNode schemas = new ObjectMapper().readTree(settings).path("yaml.schemas");

        assertThat(schemas).hasSameSizeAs(SCHEMAS.values());
        SCHEMAS.values().forEach(schema -> {
            List<String> files = new ArrayList<>();
            schemas.path("./drover-schemas/" + schema.file()).forEach(file -> files.add(file.asText()));
            assertThat(files)
                    .isEqualTo(schema.matches().stream().map("routes/"::concat).toList());
        });
    }

    private static Set<String> names(JsonNode properties) {
        Set<String> names = new TreeSet<>();
        properties.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonSchema compiled(String name) {
        return JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(SCHEMAS.get(name).schema());
    }

    private static List<String> problems(JsonSchema schema, String text) {
        return schema.validate(ForeignYaml.json(text)).stream()
                .map(ValidationMessage::toString)
                .toList();
    }
}
