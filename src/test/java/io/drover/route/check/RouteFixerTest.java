package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.Quick;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

/** A fixed file means what it meant, has its comments, and needs no other fix. */
@Quick
class RouteFixerTest {

    private static final Pattern COMMENT = Pattern.compile("# c\\d+");

    private static final RouteValidator VALIDATOR = RouteValidator.standalone(new MockEnvironment());

    @TempDir
    private Path directory;

    @Test
    void writesShorthandOutAndLeavesTheRest() {
        assertThat(
                        CanonicalText.of(
                                """
                                # a route
                                - route:
                                    id:   x      # its id
                                    from:
                                      uri: task:x
                                      steps:
                                        - to: "tool:a"   # calls
                                        - log: hello, {world}
                                        - setBody: { simple: "${body}" }
                                        - setBody:
                                            constant: 'a ''b'''
                                        - setHeader:
                                            name: h   # a name
                                            simple: |
                                              one

                                              two
                                            # after
                                        - choice:
                                            when:
                                              - simple: "${body} == 1"
                                                steps: [ log: "in a line", { removeHeader: "h" } ]
                                        - split: {expression: {jsonpath: "$.a"}, steps: [to: 'direct:b']}
                                """))
                .isEqualTo(
                        """
                        # a route
                        - route:
                            id:   x      # its id
                            from:
                              uri: task:x
                              steps:
                                - to:
                                    uri: "tool:a"   # calls
                                - log:
                                    message: hello, {world}
                                - setBody: { expression: { simple: { expression: "${body}" } } }
                                - setBody:
                                    expression:
                                      constant:
                                        expression: 'a ''b'''
                                - setHeader:
                                    name: h   # a name
                                    expression:
                                      simple:
                                        expression: |
                                          one

                                          two
                                    # after
                                - choice:
                                    when:
                                      - expression:
                                          simple:
                                            expression: "${body} == 1"
                                        steps: [ log: { message: "in a line" }, { removeHeader: { name: "h" } } ]
                                - split: {expression: {jsonpath: { expression: "$.a" }}, steps: [to: { uri: 'direct:b' }]}
                        """);
    }

    /** Each kind of shorthand that is rewritten is one that Camel reads, as the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "convertBodyTo: java.lang.String",
                "log: 'a: b'",
                "poll: 'file:in'",
                "removeHeader: a",
                "removeHeaders: a*",
                "removeProperties: a*",
                "removeProperty: a",
                "removeVariable: a",
                "rollback: no",
                "sample: '5000'",
                "setExchangePattern: InOut",
                "to: tool:x?arg.a=1",
                "toD: 'tool:${body}'",
                "kamelet: a",
                "setBody: { tokenize: ',' }",
                "setBody: { constant: '5' }",
                "setBody: { header: a }",
                "setBody: { variable: a }",
                "setBody: { exchangeProperty: a }",
                "setBody: { jsonpath: '$.a' }",
                "setBody: { xpath: '/a' }",
                "setBody: { ref: a }",
                "setBody: { language: { language: simple, expression: a } }",
                "setBody: { method: { ref: a, method: b } }",
                "setHeader: { name: a, simple: '${body}' }",
                "setHeader: { name: a, simple: { expression: '${body}', resultType: java.lang.Long } }",
                "setHeaders: { headers: [ { name: a, simple: b }, { name: c, constant: d } ] }",
                "setVariables: { variables: [ { name: a, simple: b } ] }",
                "setProperty: { name: a, constant: b }",
                "script: { simple: a }",
                "transform: { simple: a }",
                "validate: { simple: '${body} == 1' }",
                "filter: { simple: '${body}', steps: [ { log: a } ] }",
                "loop: { constant: '3', steps: [ { log: a } ] }",
                "split: { simple: '${body}', steps: [ { to: 'direct:a' } ] }",
                "delay: { constant: '5' }",
                "enrich: { constant: 'direct:a' }",
                "recipientList: { constant: 'direct:a' }",
                "choice: { when: [ { simple: a, steps: [ { log: b } ] } ], otherwise: { steps: [ { log: c } ] } }",
                "doTry: { steps: [ { log: a } ], doCatch: [ { exception: [ java.lang.Exception ], onWhen: { simple: b }, steps: [ { log: c } ] } ] }",
                "idempotentConsumer: { simple: '${body}', idempotentRepository: '#a', steps: [ { log: a } ] }",
                "sort: { simple: '${body}' }",
                "resequence: { simple: '${body}', steps: [ { log: a } ] }",
                "throttle: { constant: '5' }",
                "routingSlip: { constant: 'direct:a' }",
                "dynamicRouter: { constant: 'direct:a' }"
            })
    void eachKindMeansTheSame(String step) throws Exception {
        String text = "- route: { id: x, from: { uri: 'direct:x', steps: [ { %s } ] } }".formatted(step);

        String fixed = CanonicalText.of(text);

        assertThat(Deviation.of(Yaml.parse(fixed))).as(fixed).isEmpty();
        assertThat(model(fixed)).as(fixed).isEqualTo(model(text));
        assertThat(CanonicalText.of(fixed)).isEqualTo(fixed);
    }

    static List<Integer> seeds() {
        return java.util.stream.IntStream.range(0, 150).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void aRandomFileMeansTheSame(int seed) throws Exception {
        String text = new RandomRoutes(new Random(seed)).text();

        String fixed = CanonicalText.of(text);

        assertThat(Deviation.of(Yaml.parse(fixed)))
                .as("%s\n--->\n%s", text, fixed)
                .isEmpty();
        assertThat(model(fixed)).as("%s\n--->\n%s", text, fixed).isEqualTo(model(text));
        assertThat(CanonicalText.of(fixed)).isEqualTo(fixed);
        assertThat(comments(fixed)).isEqualTo(comments(text));
    }

    @Test
    void randomFilesHoldShorthand() {
        assertThat(seeds())
                .filteredOn(seed -> {
                    String text = new RandomRoutes(new Random(seed)).text();
                    return !CanonicalText.of(text).equals(text);
                })
                .hasSizeGreaterThan(100);
    }

    static List<Path> directories() throws IOException {
        return EditorSchemaTest.directories();
    }

    /** Broken or not. */
    @ParameterizedTest
    @MethodSource("directories")
    void leavesEachFileThatIsCanonical(Path routes) throws IOException {
        for (Path file : RouteReader.files(routes)) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            String fixed = CanonicalText.of(text);

            assertThat(CanonicalText.of(fixed)).as(file.toString()).isEqualTo(fixed);
            if (!text.equals(fixed)) {
                assertThat(Deviation.of(Yaml.parse(fixed)).size())
                        .as("%s\n%s", file, fixed)
                        .isLessThan(Deviation.of(Yaml.parse(text)).size());
            }
        }
    }

    /** What runs is not only what is canonical. */
    @Test
    void shorthandIsNoReasonNotToLoadAFile() throws IOException {
        Path file = write(
                "x.camel.yaml",
                "- route: { id: x, from: { uri: 'task:x', steps: [ { log: a }, { setBody: { simple: '${body}' } } ] } }");

        assertThat(VALIDATOR.problems(directory, VALIDATOR.reader().read(directory, file, null)))
                .isEmpty();
        assertThat(VALIDATOR.validate(directory).problems())
                .extracting(Problem::message)
                .allSatisfy(message -> assertThat(message).contains("is shorthand"))
                .hasSize(2);

        assertThat(RouteFixer.fix(directory)).containsExactly("x.camel.yaml: rewritten in Camel's canonical form");

        assertThat(VALIDATOR.validate(directory).problems()).isEmpty();
        assertThat(RouteFixer.fix(directory)).isEmpty();
    }

    @Test
    void keepsTheEndsOfLinesAndThePermissions() throws IOException {
        String text = "# \ud83d\ude00\r\n- route:\r\n    id: x\r\n    from:\r\n      uri: task:x\r\n      steps:\r\n"
                + "        - log: \"\ud83d\ude00 a\"\r\n        - setBody:\r\n            simple: \"b\r\n              c\"\r\n";
        Path file = write("x.camel.yaml", text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        RouteFixer.fix(directory);

        assertThat(Files.readString(file))
                .isEqualTo(text.replace("log: \"", "log:\r\n            message: \"")
                        .replace(
                                "simple: \"b\r\n              c",
                                "expression:\r\n              simple:\r\n"
                                        + "                expression: \"b\r\n                  c"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(directory.toFile().list()).containsExactly("x.camel.yaml");
    }

    /** What is not surely shorthand is left to people. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "- to: &a 'direct:a'",
                "- to: !!str 'direct:a'",
                "- ? to\n  : 'direct:a'",
                "- to: { ref: x }",
                "- setBody: { simple: a, expression: { constant: { expression: b } } }",
                "- method: a",
                "- log:",
                "- 5",
                "not: [yaml"
            })
    void leavesTheRest(String step) {
        String text = "- route:\n    id: x\n    from:\n      uri: direct:x\n      steps:\n        "
                + step.replace("\n", "\n        ") + "\n";

        assertThat(CanonicalText.of(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.camel.yaml|id: b, |b.camel.yaml|a.camel.yaml: renamed to b.camel.yaml, which is its route's id",
                "a.yaml|id: a, |a.camel.yaml|a.yaml: renamed to a.camel.yaml, which is its route's id",
                "a.yml|id: b, |b.camel.yaml|a.yml: renamed to b.camel.yaml, which is its route's id",
                "a.camel.yaml|id: taken, |a.camel.yaml|a.camel.yaml: not renamed to taken.camel.yaml, because another file has"
                        + " that name; give the route another id",
                "a.camel.yaml|id: ../b, |a.camel.yaml|",
                "a.camel.yaml|id: a, |a.camel.yaml|"
            })
    void namesAFileAfterItsRoute(String name, String id, String expected, String said) throws IOException {
        write("in/taken.camel.yaml", "- route: { id: taken, from: { uri: 'task:taken', steps: [] } }");
        write(name, "- route: { %s from: { uri: 'task:a', steps: [] } }".formatted(id));

        List<String> sentences = RouteFixer.fix(directory);

        assertThat(sentences).isEqualTo(said == null ? List.of() : List.of(said));
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("in", expected);
    }

    @Test
    void givesARouteTheIdOfItsFile() throws IOException {
        Path flow = write("a.camel.yaml", "- route: { from: { uri: 'task:a', steps: [] } }");
        Path block = write("b.camel.yaml", "- route:\n    # first\n    from:\n      uri: task:b\n      steps: []\n");

        RouteFixer.fix(directory);

        assertThat(Files.readString(flow)).isEqualTo("- route: { id: a, from: { uri: 'task:a', steps: [] } }");
        assertThat(Files.readString(block))
                .isEqualTo("- route:\n    # first\n    id: b\n    from:\n      uri: task:b\n      steps: []\n");
        assertThat(VALIDATOR.validate(directory).problems()).isEmpty();
    }

    /** Camel reads a file without {@code route:}, too; Drover wants the id. */
    @Test
    void putsARouteAroundAFromAlone() throws Exception {
        String block =
                "# all\n- from: # here\n    uri: 'task:b'\n    steps:\n      - log: >\n          a\n\n          b\n# end\n";
        Path flow = write("a.yaml", "- { from: { uri: 'task:a', steps: [ { log: x } ] } }");
        Path file = write("b.camel.yaml", block);

        RouteFixer.fix(directory);

        assertThat(flow).doesNotExist();
        assertThat(Files.readString(directory.resolve("a.camel.yaml")))
                .isEqualTo("- { route: { id: a, from: { uri: 'task:a', steps: [ { log: { message: x } } ] } } }");
        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        # all
                        - route:
                            id: b
                            from: # here
                              uri: 'task:b'
                              steps:
                                - log:
                                    message: >
                                      a

                                      b
                        # end
                        """);
        assertThat(VALIDATOR.validate(directory).problems()).isEmpty();
        assertThat(model(Files.readString(file)).replace(" id=\"b\"", "")).isEqualTo(model(block));
    }

    @Test
    void saysWhereAnOldNameIsListed() throws IOException {
        write("a.camel.yaml", "- route: { id: b, from: { uri: 'task:a', steps: [] } }");
        write("kustomization.yaml", "files: [ a.camel.yaml ]");

        assertThat(RouteFixer.fix(directory))
                .containsExactly("a.camel.yaml: renamed to b.camel.yaml, which is its route's id;"
                        + " kustomization.yaml lists it by its old name, so change that");
    }

    private Path write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static List<String> comments(String text) {
        return COMMENT.matcher(text).results().map(match -> match.group()).toList();
    }

    /** What Camel makes of a file. */
    private static String model(String text) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext();
                YamlRoutesBuilderLoader loader = new YamlRoutesBuilderLoader()) {
            loader.setCamelContext(context);
            loader.start();
            RouteBuilder builder =
                    (RouteBuilder) loader.loadRoutesBuilder(ResourceHelper.fromString("file:x.yaml", text));
            builder.configureRoutes(context);
            return PluginHelper.getModelToXMLDumper(context).dumpModelAsXml(context, builder.getRouteCollection());
        }
    }
}
