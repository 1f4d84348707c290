package io.drover.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.kit.RouteTests.UnusableRoutesException;
import io.drover.route.check.Problem;
import io.drover.route.check.RouteValidator;
import io.drover.scaffold.Sample;
import io.drover.scaffold.Scaffold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

/** Cases fail when, and only when, something is not as they say. */
class RouteTestsTest {

    private static final String WORKFLOW =
            """
            - route:
                id: order
                from:
                  uri: task:order
                  parameters: { maxAttempts: 3, backoff: 1h }
                  steps:
                    - to: { uri: tool:look, parameters: { arg.id: "${body[id]}" }, variableReceive: seen }
                    - to: { uri: tool:pay, parameters: { arg.id: "${body[id]}" }, variableReceive: paid }
                    - setBody: { simple: { expression: "${map(seen,${variable.seen[name]},paid,${variable.paid[by]})}" } }
            """;

    private static final String LOOK =
            """
            - route:
                id: look
                from:
                  uri: tool:look
                  parameters: { parameter.id: string, readOnlyHint: true, retries: 2, backoff: 1s }
                  steps: [ { to: { uri: "http://nowhere.example/look", parameters: { httpMethod: GET } } } ]
            """;

    private static final String PAY =
            """
            - route:
                id: pay
                from:
                  uri: tool:pay
                  parameters: { parameter.id: string %s }
                  steps: [ { to: { uri: "http://nowhere.example/pay", parameters: { httpMethod: POST } } } ]
            """;

    private static final String HEAD =
            """
            workflow: order
            tools:
              look: { result: { name: Ada } }
              pay: { result: { by: card } }
            cases:
              - name: one
                input: { id: o-1 }
            """;

    @TempDir
    Path routes;

    @BeforeEach
    void write() throws IOException {
        write("order.camel.yaml", WORKFLOW);
        write("look.camel.yaml", LOOK);
        write("pay.camel.yaml", PAY.formatted(""));
    }

    @Test
    void whatIsAsExpectedPasses() throws Exception {
        test(
                """
                    expect:
                      output: { seen: Ada, paid: card }
                      calls: [ { look: { id: o-1 } }, pay ]
                      number: { pay: 1 }
                """);

        assertThat(failures()).containsExactlyEntriesOf(Map.of("one", List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    expect: { outcome: dead }                 | outcome: expected DEAD, found COMPLETED
                    expect: { output: { seen: Bob } }         | output: seen: expected "Bob", found "Ada"
                    expect: { output: { to: x } }             | output: to: expected "x", and it is not there
                    expect: { calls: [ pay, look ] }          | calls: expected look after pay {"id":"o-1"}; made were
                    expect: { calls: [ { pay: { id: x } } ] } | calls: expected pay {"id":"x"}
                    expect: { never: [ pay ] }                | never: pay {"id":"o-1"} was made
                    expect: { number: { pay: 2 } }            | number: expected 2 calls of pay, found 1
                    expect: { error: nope }                   | error: expected one that holds 'nope'
                    tools: { pay: { when: { id: x } } }       | paid
                    tools: { pay: { fault: timeout } }        | outcome: expected COMPLETED, found WAITING (IN_DOUBT)
                    tools: { pay: { fault: malformed } }      | outcome: expected COMPLETED, found WAITING (IN_DOUBT)
                    tools: { pay: { fault: 400 } }            | outcome: expected COMPLETED, found DEAD
                    tools: { pay: { fault: refused } }        | outcome: expected COMPLETED, found DEAD
                    tools: { look: { fault: breaker-open } }  | it does not end
                    workflow: ordr                            | the task is refused: there is no workflow 'ordr'
                    """)
    void whatIsNotFails(String line, String said) throws Exception {
        test("    " + line + "\n");

        List<String> failures = failures().get("one");
        if (said.equals("paid")) { // the answer of the file fits where that of the case does not
            assertThat(failures).isEmpty();
        } else {
            assertThat(failures).anySatisfy(failure -> assertThat(failure).startsWith(said));
        }
    }

    @Test
    void aCallWithoutAnAnswerIsNamed() throws Exception {
        write("order.test.yaml", "workflow: order\ncases:\n  - { name: one, input: { id: o-1 } }\n");

        assertThat(failures().get("one"))
                .first()
                .asString()
                .isEqualTo(
                        "tool:look is called with {\"id\":\"o-1\"}, and the case has no answer for that; add one below tools");
    }

    @Test
    void answersAreUsedUpInOrderAndBackoffsOfHoursTakeNoTime() throws Exception {
        test(
                """
                    tools:
                      look: [ { fault: 503, times: 2 }, { result: { name: Bob } } ]
                      pay: [ { fault: refused, times: 3 }, { result: { by: cash } } ]
                    expect:
                      output: { seen: Bob, paid: cash }
                """);

        assertThat(failures().get("one")).isEmpty();
    }

    /** Looking again after a crash is no second effect; paying again is one, unless the other side drops it. */
    @ParameterizedTest
    @CsvSource({"'', 0", "', idempotentHint: true', 0", "', retries: 2', 0"})
    void noCrashHasASecondEffect(String options, int failures) throws Exception {
        write("pay.camel.yaml", PAY.formatted(options));
        test(
                """
                    crash: everywhere
                    expect: { output: { paid: card }, number: { pay: 1 } }
                """);

        assertThat(failures().get("one")).hasSize(failures);
    }

    /** Its arguments are others in each attempt, so the call is another one. */
    @Test
    void aSecondEffectAfterACrashIsFound() throws Exception {
        write(
                "order.camel.yaml",
                WORKFLOW.replace(
                        "tool:pay, parameters: { arg.id: \"${body[id]}\" }",
                        "tool:pay, parameters: { arg.id: \"o-${random(1,1000000000)}\" }"));
        test("    crash: everywhere\n");

        assertThat(failures().get("one"))
                .last()
                .asString()
                .isEqualTo("effects: expected {look=1, pay=1}, found {look=1, pay=2}");
    }

    @Test
    void aCrashThatCostsTheTaskIsFound() throws Exception {
        write("order.camel.yaml", WORKFLOW.replace("maxAttempts: 3", "maxAttempts: 1"));
        test("    crash: everywhere\n");

        List<String> failures = failures().get("one");

        assertThat(failures.get(0)).startsWith("the worker died after write 1 of ");
        assertThat(failures.get(1)).startsWith("outcome: expected COMPLETED, found DEAD: all 1 attempts are spent");
    }

    @Test
    void aRuleHoldsInACase() throws Exception {
        write(
                "rules.yaml",
                """
                rules:
                  - { id: no-pay, tools: [ pay ], when: args.id == 'o-1', then: forbid, why: not this one }
                """);
        test("    expect: { outcome: dead, error: not this one, never: [ pay ] }\n");

        assertThat(failures().get("one")).isEmpty();
    }

    @Test
    void theSamplesPass() throws Exception {
        List<TestResult> results =
                RouteTests.in(Path.of("routes")).run(List.of(), Live.NOTHING, name -> true, result -> {});

        assertThat(results).hasSizeGreaterThan(10).allSatisfy(result -> assertThat(result.failures())
                .as(result.name())
                .isEmpty());
    }

    @Test
    void aHundredCasesRunInOneProcess() throws Exception {
        StringBuilder cases = new StringBuilder("workflow: order\ntools:\n  look: { result: { name: Ada } }\n"
                + "  pay: { result: { by: card } }\ncases:\n");
        for (int i = 0; i < 100; i++) {
            cases.append("  - { name: case %d, input: { id: o-%d }, expect: { calls: [ { pay: { id: o-%d } } ] } }\n"
                    .formatted(i, i, i));
        }
        write("order.test.yaml", cases.toString());

        assertThat(failures()).hasSize(100).allSatisfy((name, failures) -> assertThat(failures)
                .isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    inptu: {}                           | 8  | property 'inptu' is not defined
                    tools: { pay: { fault: maybe } }    | 8  | fault 'maybe': it must be an HTTP status
                    now: yesterday                      | 8  | now 'yesterday': it must be an instant
                    signals: [ { name: a, key: b, after: soon } ] | 8 | after 'soon': it must be a time
                    expect: { outcome: done }           | 8  | does not have a value in the enumeration
                    """)
    void aFileThatIsNotRightSaysWhereAndWhy(String line, int where, String said) throws Exception {
        test("    " + line + "\n");

        assertThat(RouteTests.in(routes).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains(said))
                .extracting(Problem::line)
                .isEqualTo(where);
    }

    @Test
    void routesThatCannotBeUsedRunNothing() throws Exception {
        test("");
        write("look.camel.yaml", LOOK.replace("readOnlyHint", "readOnlyHnt"));

        assertThatThrownBy(this::failures)
                .isInstanceOf(UnusableRoutesException.class)
                .hasMessageContaining("look.camel.yaml")
                .hasMessageContaining("readOnlyHnt");
    }

    @Test
    void theTestThatNewWritesPasses() throws Exception {
        Scaffold scaffold = new Scaffold(routes, RouteValidator.standalone(new MockEnvironment()));
        scaffold.write(Sample.WORKFLOW, "fresh", null);
        scaffold.write(Sample.TEST, "fresh", null);

        assertThat(failures()).containsExactly(Map.entry("it completes", List.of()));
    }

    @Test
    void writesJUnitsReport() throws Exception {
        test("    expect: { output: { seen: \"<Bob>\" } }\n");
        Path report = routes.resolve("out/report.xml");

        RouteTests.report(report, RouteTests.in(routes).run(List.of(), Live.NOTHING, name -> true, result -> {}));

        assertThat(Files.readString(report))
                .contains("<testsuite name=\"order.test.yaml\" tests=\"1\" failures=\"1\">")
                .contains("&lt;Bob");
    }

    private void test(String rest) throws IOException {
        write("order.test.yaml", HEAD + rest.indent(0));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(routes.resolve(name), text);
    }

    private Map<String, List<String>> failures() throws Exception {
        Map<String, List<String>> failures = new TreeMap<>();
        RouteTests.in(routes)
                .run(List.of(), Live.NOTHING, name -> true, result -> failures.put(result.name(), result.failures()));
        return failures;
    }
}
