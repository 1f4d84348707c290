package io.drover.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.evaluation.EvaluationState;
import io.drover.local.SampleModel;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What comes of cases is evaluated; models and tools that only read can be asked themselves. */
class RouteEvalsTest {

    private static final FaultyServer SERVER = new FaultyServer();
    private static final SampleModel MODEL = new SampleModel(0, request -> {
        boolean judges = request.toString().contains("You judge.");
        return new SampleModel.Reply.Text(judges ? "0.9" : "said live");
    });

    @TempDir
    Path routes;

    @AfterAll
    static void close() {
        SERVER.close();
        MODEL.close();
    }

    @BeforeEach
    void write() throws IOException {
        SERVER.reset();
        SERVER.always("/look", FaultyServer.json("{\"name\":\"Eve\"}"));
        SERVER.always("/pay", FaultyServer.json("{\"by\":\"nobody\"}"));
        write(
                "order.camel.yaml",
                """
                - route:
                    id: order
                    from:
                      uri: task:order
                      parameters: { maxAttempts: 2, backoff: 1h }
                      steps:
                        - to: { uri: tool:look, parameters: { arg.id: "${body[id]}" }, variableReceive: seen }
                        - to: { uri: tool:pay, parameters: { arg.id: "${body[id]}" }, variableReceive: paid }
                        - setBody: { expression: { constant: { expression: 'What now?' } } }
                        - to: { uri: agent:talker, parameters: { model: default, system: "You talk." }, variableReceive: said }
                        - setBody: { simple: { expression: "${map(seen,${variable.seen[name]},paid,${variable.paid[by]},said,${variable.said})}" } }
                """);
        write(
                "judge.camel.yaml",
                """
                - route:
                    id: judge
                    from:
                      uri: task:judge
                      steps:
                        - setBody: { simple: { expression: "${body[output][said]}" } }
                        - to: { uri: agent:scorer, parameters: { model: default, system: "You judge." } }
                """);
        for (String tool : List.of("look", "pay")) {
            write(
                    tool + ".camel.yaml",
                    """
                    - route:
                        id: %1$s
                        from:
                          uri: tool:%1$s
                          parameters: { parameter.id: string, %2$s: true }
                          steps: [ { to: { uri: "%3$s/%1$s", parameters: { httpMethod: GET } } } ]
                    """
                            .formatted(tool, tool.equals("look") ? "readOnlyHint" : "destructiveHint", SERVER.url()));
        }
        write(
                "order.test.yaml",
                """
                workflow: order
                tools:
                  look: { result: { name: Ada } }
                  pay: { result: { by: card } }
                cases:
                  - name: one
                    input: { id: o-1 }
                    agents:
                      talker: [ { text: said before } ]
                      scorer: [ { json: { score: 0.4 } }, { text: "0.6" } ]
                    expect: { output: { seen: Ada, paid: card, said: said before } }
                """);
        evals("checks: { paid: output.paid == \"card\" }, with: task:judge, trials: 2, threshold: 0.5, maxCostUsd: 1");
    }

    @Test
    void theEvaluatorScoresWhatCameOfACase() throws Exception {
        Evaluated one = evaluated(Live.NOTHING);

        assertThat(one.score()).isEqualByComparingTo("0.5");
        assertThat(one.state()).isEqualTo(EvaluationState.PASSED);
        assertThat(one.file()).isEqualTo("order.test.yaml");
        assertThat(SERVER.requests()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    checks: { paid: output.paid == "cash" }, with: task:judge, maxCostUsd: 1 | FAILED | 0 | check paid
                    checks: { paid: "calls.exists(c, c.tool == 'pay' && c.arguments.id == 'o-1')" } | PASSED | 1 |
                    with: task:judge, threshold: 0.6, trials: 2, maxCostUsd: 1 | FAILED | 0.5 |
                    with: task:judge, trials: 3, maxCostUsd: 1 | PASSED | 0.5 |
                    with: task:nobody, maxCostUsd: 1 | UNKNOWN | | there is no workflow 'nobody'
                    """)
    void isEvaluatedAsARunningInstanceDoes(String entry, EvaluationState state, BigDecimal score, String reason)
            throws Exception {
        evals(entry);
        Evaluated one = evaluated(Live.NOTHING);

        assertThat(one.state()).isEqualTo(state);
        if (score != null) {
            assertThat(one.score()).isEqualByComparingTo(score);
        }
        if (reason == null) {
            assertThat(one.reason()).isNull();
        } else {
            assertThat(one.reason()).contains(reason);
        }
    }

    /** Its answers are recorded; what it would say now is another thing. */
    @Test
    void liveModelsAreAskedAndToolsAreNot() throws Exception {
        Evaluated one = evaluated(new Live(true, false));

        assertThat(one.score()).as("of the judge that was asked itself").isEqualByComparingTo("0.9");
        assertThat(SERVER.requests()).isEmpty();
        assertThat(failures(new Live(true, false)))
                .singleElement()
                .asString()
                .contains("output", "said before", "said live");
        assertThat(failures(Live.NOTHING)).isEmpty();
    }

    /** What has an effect never runs. */
    @Test
    void liveReadsAreMadeAndEffectsAreNot() throws Exception {
        assertThat(failures(new Live(false, true))).singleElement().asString().contains("seen", "Ada", "Eve");
        assertThat(SERVER.requests("/look")).isNotEmpty();
        assertThat(SERVER.requests("/pay")).isEmpty();
    }

    /** After a crash a live model says something else, which is no fault of the routes. */
    @Test
    void noCrashIsTriedWithLiveModels() throws Exception {
        write(
                "order.test.yaml",
                Files.readString(routes.resolve("order.test.yaml"))
                        .replace("said before } }\n", "said live } }\n")
                        .replace("    input:", "    crash: everywhere\n    input:"));

        assertThat(failures(new Live(true, false))).isEmpty();
    }

    @Test
    void casesStandInAnotherDirectoryAndWithoutAnEvalAreLeftOut(@TempDir Path cases) throws Exception {
        Files.move(routes.resolve("order.test.yaml"), cases.resolve("exported.test.yaml"));

        assertThat(all(cases, Live.NOTHING)).extracting(Evaluated::file).containsExactly("exported.test.yaml");

        Files.writeString(routes.resolve("evals.yaml"), "evals: {}\n");
        assertThat(all(cases, Live.NOTHING)).isEmpty();
    }

    private void evals(String entry) throws IOException {
        write("evals.yaml", "evals:\n  order: { sample: 1, %s }\n".formatted(entry));
    }

    private Evaluated evaluated(Live live) throws Exception {
        List<Evaluated> all = all(routes, live);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<Evaluated> all(Path cases, Live live) throws Exception {
        return RouteTests.in(routes, cases).evaluate(model(), live, name -> true, one -> {});
    }

    private List<String> failures(Live live) throws Exception {
        return RouteTests.in(routes)
                .run(model(), live, name -> true, result -> {})
                .getFirst()
                .failures();
    }

    private static List<String> model() {
        return List.of("--drover.models.default.url=" + MODEL.url(), "--drover.models.default.model=sample");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(routes.resolve(name), text);
    }
}
