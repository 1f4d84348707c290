package io.drover.route.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drover.Quick;
import io.drover.start.RefusedToStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.env.MockEnvironment;

@Quick
class RouteValidatorTest {

    private static final String DELEGATES =
            "delegates.camel.yaml:6: task:classify with await stands in steps of delegate";

    private final MockEnvironment environment = new MockEnvironment()
            .withProperty("drover.workflows.calls.allowed-tools", "charge,chrage")
            .withProperty("drover.workflows.memories.allowed-tools", "memory.remember,remember")
            .withProperty("wrong.method", "putt")
            .withProperty("server.url", "http://localhost");

    /** {@code expected.txt} is what a user reads; a change of it is a change of the product. */
    @Test // issue 2, point 6
    void reportsEveryKindOfProblemWithFileAndLine() throws IOException {
        Path directory = Path.of("src/test/resources/routes-broken");

        RouteValidator.Report report = RouteValidator.standalone(environment).validate(directory);

        String found = report.problems().stream().map(Problem::toString).collect(Collectors.joining("\n", "", "\n"));
        if (Boolean.getBoolean("drover.expected.write")) {
            Files.writeString(directory.resolve("expected.txt"), found);
        }
        assertThat(found).isEqualTo(Files.readString(directory.resolve("expected.txt")));
    }

    @Test
    void knowsTheToolsOfMemory() {
        RouteValidator.Report report =
                RouteValidator.standalone(environment).validate(Path.of("src/test/resources/routes-memory"));

        assertThat(report.files()).isEqualTo(6);
        assertThat(report.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "clash.camel.yaml:9: tools: an agent that has memory is offered 'remember' as a function of"
                                + " it; give tool:remember another name");
    }

    /** A call that reaches a wait fails: two tests try that. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "routes-guard|",
                "routes-agent|" + DELEGATES,
                "routes-waits|awaits-direct.camel.yaml:6: task:leaf with await stands in steps of awaiting-tool"
                        + "|waits.camel.yaml:6: wait:until stands in steps of waiting-tool"
            })
    void findsNothingElseInFilesThatRun(ArgumentsAccessor expected) {
        RouteValidator.Report report =
                RouteValidator.standalone(environment).validate(Path.of("src/test/resources", expected.getString(0)));

        List<String> waits = Stream.of(expected.toArray())
                .skip(1)
                .filter(Objects::nonNull)
                .map(Object::toString)
                .toList();
        assertThat(report.problems()).hasSameSizeAs(waits);
        assertThat(report.problems()).allSatisfy(problem -> assertThat(waits).anyMatch(problem.toString()::startsWith));
        assertThat(report.files()).isPositive();
    }

    /** One file tells, so it is refused before it is loaded. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tool:some|to: { uri: 'wait:until', parameters: { duration: 1s } }|a tool cannot wait, so let",
                "tool:some|toD: { uri: 'wait:until?duration=${variable.time}' }|a tool cannot wait, so let",
                "tool:some|to: { uri: 'wait:signal', parameters: { name: a, key: b } }|a tool cannot wait, so let",
                "tool:some|to: { uri: 'task:other', parameters: { await: 'true' } }|let the workflow await the task",
                "tool:some|enrich: { expression: { constant: { expression: 'task:other?await=true' } } }|let the"
                        + " workflow await the task",
                "kafka:topic|to: { uri: 'wait:until', parameters: { duration: 1s } }|is called outside a task; submit",
                "kafka:topic|to: { uri: 'task:other', parameters: { await: 'true' } }|submits a task without await",
                "kafka:topic|to: { uri: 'tool:other' }|is called outside a task; submit a task",
                "kafka:topic|to: { uri: 'agent:other' }|is called outside a task; submit a task",
                "kafka:topic|to: { uri: 'signal:progress' }|only a task has progress"
            })
    void refusesWhatOnlyAWorkflowMayDo(String from, String step, String problem, @TempDir Path directory)
            throws IOException {
        String file = "- route: { id: some, from: { uri: '%s', steps: [ %s ] } }";
        String inner = "- route: { id: inner, from: { uri: 'direct:inner', steps: [ { %s } ] } }".formatted(step);

        assertThat(RouteValidator.standalone(environment)
                        .problems(directory, "some.camel.yaml", file.formatted(from, "{ %s }".formatted(step))))
                .anySatisfy(found -> assertThat(found.message()).contains(problem));

        Files.writeString(directory.resolve("inner.camel.yaml"), inner);
        Files.writeString(
                directory.resolve("some.camel.yaml"), file.formatted(from, "{ to: { uri: 'direct:inner' } }"));
        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .as("through direct:")
                .anySatisfy(found -> {
                    assertThat(found.file()).isEqualTo("inner.camel.yaml");
                    assertThat(found.message()).contains(problem, "in steps of some, by way of direct:inner");
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wireTap: { uri: 'direct:inner' }|nothing waits for it; write to",
                "aggregate: { correlationExpression: { constant: { expression: x } }, steps: [] }|collect the parts",
                "threads: { poolSize: 4 }|continues in another thread",
                "resequence: { expression: { simple: { expression: x } }, steps: [] }|keeps messages in memory",
                "policy: { ref: x, steps: [] }|write the steps without it",
                "sample: { messageFrequency: '2' }|drops messages by the clock",
                "saga: { steps: [] }|compensates on another thread",
                "idempotentConsumer: { idempotentRepository: x, expression: { simple: { expression: x } }, steps: []"
                        + " }|leave it out",
                "split: { timeout: '500', expression: { simple: { expression: x } }, steps: [] }|split with a timeout",
                "multicast: { timeout: '{{patience}}', parallelProcessing: true, steps: [] }|multicast with a timeout",
                "recipientList: { timeout: '5', expression: { constant: { expression: 'log:x' } } }|recipientList with"
                        + " a timeout",
                "multicast: { parallelProcessing: true, stopOnException: true, steps: [] }|leave one of the two out",
                "circuitBreaker: { resilience4jConfiguration: { timeoutEnabled: true }, steps: [] }|with"
                        + " timeoutEnabled",
                "multicast: { parallelProcessing: true, parallelAggregate: true, steps: [] }|the failure of one may be lost",
                "split: { parallelAggregate: true, expression: { simple: { expression: x } }, steps: [] }|the failure of",
                "circuitBreaker: { resilience4jConfiguration: { config: x }, steps: [] }|write its options in",
                "circuitBreaker: { resilience4jConfiguration: { circuitBreaker: x }, steps: [] }|write its options in",
                "circuitBreaker: { configuration: x, steps: [] }|with a configuration by name",
                "circuitBreaker: { steps: [], onFallback: { steps: [ { threads: {} } ] } }|continues in another thread",
                "pollEnrich: { expression: { constant: { expression: 'file:x' } } }|pollEnrich without a timeout",
                "poll: { uri: 'file:x', timeout: '-1' }|waits for ever",
                "rollback: { markRollbackOnly: true }|write throwException",
                "toD: { uri: 'log:x', ignoreInvalidEndpoint: true }|drops messages that it cannot send",
                "recipientList: { ignoreInvalidEndpoints: true, expression: { constant: { expression: 'log:x' } }"
                        + " }|drops messages that",
                "to: { uri: 'seda:inner' }|keeps messages in the memory of the process",
                "toD: { uri: 'seda:${body}' }|keeps messages in the memory of the process",
                "to: { uri: 'direct:inner', parameters: { failIfNoConsumers: false } }|drops the message if the route",
                "to: { uri: 'stub:inner' }|keeps messages in the memory of the process",
                "to: { uri: 'browse:inner' }|keeps every message in memory",
                "to: { uri: 'controlbus:route?routeId=x&action=stop' }|starts and stops routes",
                "to: { uri: 'saga:complete' }|ends a saga",
                "to: { uri: 'kafka:x', parameters: { requestRequiredAcks: 0 } }|before a broker has it",
                "toD: { uri: 'kafka:${body}?requestRequiredAcks=0' }|before a broker has it",
                "to: { uri: 'kafka:x', parameters: { additionalProperties.acks: '0' } }|before a broker has it",
                "to: { uri: 'kafka:x?transacted=true' }|kafka: with transacted commits its records when the route",
                "to: { uri: 'kafka:x', parameters: { transactionalId: a } }|with transactionalId commits",
                "to: { uri: 'kafka:x', parameters: { additionalProperties.transactional.id: a } }|commits its records",
                "poll: { uri: 'kafka:x', timeout: '100' }|write a trigger from: kafka:<topic>",
                "pollEnrich: { timeout: 5, expression: { constant: { expression: 'kafka:x' } } }|write a trigger from",
                "circuitBreaker: { resilience4jConfiguration: { ignoreException: [ java.io.IOException ] }, steps: []"
                        + " }|failures as success",
                "circuitBreaker: { resilience4jConfiguration: { recordException: [ java.io.IOException ] }, steps: []"
                        + " }|failures as success",
                "circuitBreaker: { resilience4jConfiguration: { throwExceptionWhenHalfOpenOrOpenState: false }, steps:"
                        + " [] }|drops the message while it is open",
                "loop: { breakOnShutdown: true, expression: { constant: { expression: 3 } }, steps: [] }|ends in the"
                        + " middle",
                "enrich: { aggregateOnException: true, expression: { constant: { expression: 'log:x' } } }|hides"
                        + " failures",
                "pollEnrich: { timeout: 5, aggregateOnException: true, expression: { constant: { expression: 'file:x'"
                        + " } } }|hides failures",
                "pausable: { consumerListener: x, untilCheck: y }|skips messages",
                "resumable: { resumeStrategy: x }|keeps its own offsets",
                "transacted: { steps: [] }|rolls back what Drover records",
                "kamelet: { name: x, steps: [] }|shares its steps"
            })
    void refusesWhatIsNotWaitedForAlsoInsideOfOtherSteps(String step, String problem, @TempDir Path directory) {
        environment.withProperty("patience", "500");
        for (String from : List.of("kafka:topic", "task:some", "tool:some", "direct:some")) {
            String text =
                    """
                    - route:
                        id: some
                        from:
                          uri: %s
                          steps:
                            - doTry:
                                steps:
                                  - choice:
                                      otherwise:
                                        steps:
                                          - %s
                                doCatch: [ { exception: [ java.lang.Exception ], steps: [] } ]
                    """
                            .formatted(from, step);

            assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                    .as(from)
                    .anySatisfy(found -> {
                        assertThat(found.message()).contains(problem);
                        assertThat(found.line()).isEqualTo(11);
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "errorHandler: { defaultErrorHandler: { redeliveryPolicy: { maximumRedeliveries: 3 } } }",
                "errorHandler: { deadLetterChannel: { deadLetterUri: 'log:dead' } }",
                "errorHandlerRef: mine"
            })
    void refusesAnErrorHandler(String handler, @TempDir Path directory) {
        String text = "- route: { id: some, %s, from: { uri: 'tool:some', steps: [] } }";

        assertThat(RouteValidator.standalone(environment)
                        .problems(directory, "some.camel.yaml", text.formatted(handler)))
                .extracting(Problem::message)
                .contains(Unawaited.ERROR_HANDLER);
        assertThat(RouteValidator.standalone(environment)
                        .problems(directory, "some.camel.yaml", text.formatted("errorHandler: { noErrorHandler: {} }")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "onException: { exception: [ java.lang.Exception ], continued: { constant: { expression: true } }"
                        + " }|repeats or hides",
                "onCompletion: { steps: [] }|its failure is lost",
                "errorHandler: { deadLetterChannel: { deadLetterUri: 'log:dead' } }|errorHandler repeats or hides",
                "interceptSendToEndpoint: { uri: 'tool:*', steps: [] }|all other routes",
                "intercept: { steps: [ { to: { uri: 'log:x' } } ] }|write its steps into the route",
                "interceptFrom: { steps: [ { stop: {} } ] }|write its steps at the beginning",
                "onCompletion: { steps: [ { wireTap: { uri: 'log:x' } } ] }|its failure is lost",
                "routeConfiguration: { onException: [] }|routes of other files"
            })
    void refusesWhatAFileSaysBesideItsRoute(String item, String problem, @TempDir Path directory) {
        String text =
                """
                - %s
                - route: { id: some, from: { uri: 'tool:some', steps: [] } }
                """
                        .formatted(item);

        assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                .anySatisfy(found -> {
                    assertThat(found.message()).contains(problem);
                    assertThat(found.line()).isEqualTo(1);
                });
    }

    @Test
    void reportsAnApprovalOfConfigurationThatIsNoPredicate() {
        environment.withProperty("drover.tools.pay.approval", "amount > 100");

        RouteValidator.Report report =
                RouteValidator.standalone(environment).validate(Path.of("src/test/resources/routes-agent"));

        assertThat(report.problems().stream().map(Problem::toString))
                .containsExactly(
                        DELEGATES
                                + ", by way of direct:delegates; a tool cannot wait, so let the workflow await the task,"
                                + " and give its output to the tool or the agent",
                        "pay.camel.yaml:4: approval: 'amount > 100' must be always, never or a predicate, as in"
                                + " ${variable.amount} > 100; until then every call is asked about");
    }

    /** As in a route's file, where {@code routes-broken} and {@link RegularExpressionsTest} have them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "pay|${variable.who} regex '(a+)+b'|the regular expression '(a+)+b' can take very long on some texts",
                "defaults|${variable.who} regex ${body}|the regular expression '' can take very long on some texts",
                "pay|${variable.who.matches('(a*)*b')}|the regular expression '(a*)*b' can take very long",
                "pay|${foo} > 5|'${foo} > 5' does not parse: Unknown function: foo",
                "pay|${variable.amount} >> 5|'${variable.amount} >> 5' does not parse"
            })
    void refusesAnApprovalOfConfigurationThatIsNoSoundPredicate(String tool, String approval, String problem) {
        String property = "drover.tools.%s.approval".formatted(tool);
        environment.withProperty(property, approval);

        assertThatThrownBy(() -> RouteValidator.standalone(environment))
                .isInstanceOf(RefusedToStartException.class)
                .hasMessageStartingWith(property + ": " + problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"${foo} > 5", "${variable.amount} >> 5", "${variable.who} regex '(a+)+b'"})
    void refusesTheSameOfAFile(String approval, @TempDir Path directory) {
        String text =
                """
                - route:
                    id: some
                    from:
                      uri: tool:some
                      parameters: { approval: "%s", parameter.amount: number, parameter.who: string }
                      steps: [ { to: { uri: log:x } } ]
                """
                        .formatted(approval);

        assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                .singleElement()
                .satisfies(found -> assertThat(found.line()).isEqualTo(5));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "reconcile: asks|reconcile: tool:asks needs an approval itself, so it could not say what became of a call",
                "remind: tool:asks, remindAfter: 1h|remind: tool:asks needs an approval itself, so the reminder would wait itself",
                "escalate: tool:asks, escalateAfter: 1h|escalate: tool:asks needs an approval itself",
                "escalate: tool:none, escalateAfter: 1h|there is no tool 'none'",
                "remind: tells, remindAfter: 1h|remind (tells) is not a tool; write tool:<name>",
                "remind: tool:tells|remind says nothing without remindAfter; set that too, or leave it out",
                "remindAfter: 1h|remindAfter says nothing without remind; set that too, or leave it out",
                "remind: tool:tells, remindAfter: 3d|remindAfter (3d) must be less than decideWithin (2d)",
                "summary: 'Pay ${foo}'|'Pay ${foo}' does not parse: Unknown function: foo"
            })
    void reportsWhatAnApprovalCannotMean(String options, String problem, @TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("some.camel.yaml"),
                """
                - route:
                    id: some
                    from:
                      uri: tool:some
                      parameters: { approval: always, decideWithin: 2d, %s }
                      steps: [ { to: { uri: log:x } } ]
                """
                        .formatted(options));
        for (String tool : List.of("asks", "tells")) {
            Files.writeString(
                    directory.resolve(tool + ".camel.yaml"),
                    """
                    - route:
                        id: %1$s
                        from:
                          uri: tool:%1$s
                          parameters: { readOnlyHint: true, approval: %2$s }
                          steps: [ { to: { uri: log:x } } ]
                    """
                            .formatted(tool, tool.equals("asks") ? "always" : "never"));
        }

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .singleElement()
                .satisfies(found -> assertThat(found.toString()).startsWith("some.camel.yaml:5: " + problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "autoCommitEnable: true",
                "allowManualCommit: false",
                "batching: true",
                "offsetRepository: '#dataSource'",
                "seekTo: end",
                "additionalProperties.group.id: other"
            })
    void reportsAnOptionByWhichATriggerWouldLoseRecords(String option, @TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("any.camel.yaml"),
                "- route: {id: any, from: {uri: 'task:any', steps: [{log: {message: a}}]}}");
        Files.writeString(
                directory.resolve("records.camel.yaml"),
                """
                - route:
                    id: records
                    from:
                      uri: kafka:orders
                      parameters:
                        %s
                      steps: [ { to: { uri: "task:any" } } ]
                """
                        .formatted(option));

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.line()).isEqualTo(6);
                    assertThat(problem.message()).startsWith(option.replaceFirst(":.*", ""));
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ from: { uri: 'agent:x', steps: [ { log: { message: a } } ] } }|agent: is for 'to' only",
                "{ from: { uri: 'task:some', steps: [ { pollEnrich: { timeout: '1', expression: { constant: {"
                        + " expression: 'agent:x' } } } } ] } }|agent: is for 'to' only",
                "{ from: { uri: 'task:some', steps: [ { to: { uri: 'agent:x', parameters: { traceContent: all } } } ]"
                        + " } }|traceContent: 'all' must be one of none, redacted, full",
                "{ from: { uri: 'task:some', steps: [ { to: { uri: 'agent:x', parameters: { onEdit: stop } } } ] } }"
                        + "|onEdit: 'stop' must be one of continue, restart",
                "{ from: { uri: 'task:some', steps: [ { to: { uri: 'agent:x', parameters: { maxCostUsd: much } } } ] }"
                        + " }|maxCostUsd: 'much' must be a number",
                "{ from: { uri: 'task:some', steps: [ { to: { uri: 'agent:x', parameters: { maxTokens: many } } } ] }"
                        + " }|maxTokens: 'many' must be a whole number",
                "{ from: { uri: 'task:some?worker=pod', steps: [ { log: { message: a } } ] } }|worker: 'pod' must be"
                        + " one of process, job"
            })
    void knowsWhatAnAgentAndAWorkflowTake(String route, String sentence, @TempDir Path directory) {
        String text = "- route: " + route.replaceFirst("\\{", "{ id: some,");

        assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                .extracting(Problem::message)
                .contains(sentence);
    }

    @Test
    void reportsATopicThatCannotBe(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("records.camel.yaml"),
                "- route: {id: records, from: {uri: 'kafka:orders, or*ders', steps: [{log: {message: a}}]}}");

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).startsWith("topic 'or*ders': "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n\": ${body[n]}}",
                "{\"a\": {\"n\": ${body[n]}}}",
                "{\"a\": {\"n\": ${body[n]}, \"to\": \"{{topic}}\"}}",
                "${body[n]}}}"
            })
    void takesJsonThatEndsAfterAFunction(String text, @TempDir Path directory) throws IOException {
        environment.withProperty("topic", "orders");
        Files.writeString(
                directory.resolve("answer.camel.yaml"),
                """
                - route:
                    id: answer
                    from:
                      uri: task:answer
                      steps:
                        - setBody: { expression: { simple: { expression: '%s' } } }
                """
                        .formatted(text));

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .isEmpty();
    }

    private static void writeAgent(Path directory, String options) throws IOException {
        Files.writeString(
                directory.resolve("asks.camel.yaml"),
                """
                - route:
                    id: asks
                    from:
                      uri: task:asks
                      steps:
                        - to: { uri: agent:clerk, parameters: { %s } }
                """
                        .formatted(options));
    }

    @ParameterizedTest
    @CsvSource({
        "pause, delay",
        "sleep, delay",
        "if, choice",
        "forEach, split",
        "while, loop",
        "try, doTry",
        "parallel, multicast",
        "call, to",
        "set, setVariable",
        "print, log",
        "throw, throwException",
        "setBdy, setBody",
        "idempotentConsumr, idempotentConsumer",
        "agnet, ",
    })
    void namesTheStepThatIsMeant(String written, String meant, @TempDir Path directory) throws IOException {
        String text =
                """
                - route:
                    id: some
                    from:
                      uri: task:some
                      steps:
                        - %s: { expression: { constant: { expression: '5' } } }
                """
                        .formatted(written);
        Files.writeString(directory.resolve("some.camel.yaml"), text);
        String problem = "some.camel.yaml:6: '%s' is not a step that Camel knows%s"
                .formatted(written, meant == null ? "" : "; did you mean '%s'?".formatted(meant));
        RouteValidator validator = RouteValidator.standalone(environment);

        assertThat(validator.problems(directory, "some.camel.yaml", text))
                .extracting(Problem::toString)
                .contains(problem);
        assertThat(validator.validate(directory).problems())
                .extracting(Problem::toString)
                .containsExactly(problem);
    }

    /** Each of them loaded, and did something else than what it says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "to: { uri: 'http://h/x/${variable.city}' } | nothing evaluates ${variable.city} in the endpoint of a 'to',"
                        + " so it is sent as it is; set the header CamelHttpPath or CamelHttpQuery with ${url(${variable.city})}",
                "to: { uri: 'https://h/x', parameters: { q: '${body}' } } | nothing evaluates ${body} in the endpoint",
                "to: { uri: http, parameters: { httpUri: 'h/${body}' } } | nothing evaluates ${body} in the endpoint",
                "to: { uri: \"sql:select '${variable.city}'\" } | so it is sent as it is; write :#${variable.city} for a",
                "to: { uri: sql, parameters: { query: 'select ${body}' } } | nothing evaluates ${body} in the endpoint of",
                "setBody: { expression: { simpel: { expression: x } } } | there is no language 'simpel'; did you mean 'simple'?",
                "convertHeaderTo: { name: a, toName: CamelHttpUri, type: String } | the header CamelHttpUri decides what is",
                "convertHeaderTo: { name: a, toName: camelhttppath, type: String } | camelhttppath: what the header a holds",
                "to: { uri: 'http://h/x', parameters: { httpMetod: POST } } | http: has no option 'httpMetod'; did you mean"
                        + " 'httpMethod'? It would go into the query of the URL; if that is meant, set the header CamelHttpQuery",
                "to: { uri: 'https://h/x?httpMehtod=POST' } | https: has no option 'httpMehtod'; did you mean 'httpMethod'?",
                "toD: { uri: 'http://h/x?throwExceptionOnFailur=false' } | did you mean 'throwExceptionOnFailure'?",
                "enrich: { expression: { constant: { expression: 'http://h/x?okStatusCodeRang=200' } } } | 'okStatusCodeRange'?",
                "setHeader: { name: CamelHttpMethod, constant: PSOT } | CamelHttpMethod: 'PSOT' is no method of HTTP; did you"
                        + " mean 'POST'?",
                "setHeader: { name: camelHttpMethod, expression: { simple: { expression: GRAB } } } | 'GRAB' is no method",
                "setHeaders: { headers: [ { name: a, constant: x }, { name: CamelHttpMethod, constant: DELTE } ] } | 'DELETE'?",
                "setHeader: { name: CamelHttpMethod, constant: '{{wrong.method}}' } | 'PUTT' is no method of HTTP",
            })
    void refusesWhatIsNotWhatItSays(String step, String problem, @TempDir Path directory) {
        String text =
                "- route: { id: some, from: { uri: 'tool:some', parameters: { parameter.city: string }, steps: [ { %s } ] } }"
                        .formatted(step);

        assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message).contains(problem));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to: { uri: 'sql:select :#${variable.city}' }",
                "to: { uri: 'http://h/x', parameters: { q: 5, page: 2 } }",
                "to: { uri: 'http://h/x?id=1&limit=2&user=3&method=4&header=5&timeout=6&host=7&port=8&scope=9&token=0&name=a' }",
                "to: { uri: 'http://h/x', parameters: { query: a, sort: b, agent: c, domain: d, path: e, status: f, range: g } }",
                "to: { uri: 'http://h/x', parameters: { clientId: a, username: b, password: c, url: d, proxy: e, cookie: f } }",
                "to: { uri: 'http://h/x', parameters: { httpMethod: POST, followRedirects: 'true', authScope: x, type: y } }",
                "setHeader: { name: CamelHttpMethod, constant: post }",
                "setHeader: { name: CamelHttpMethod, expression: { simple: { expression: '${variable.city}' } } }",
                "convertHeaderTo: { name: a, toName: b, type: String }",
                "setBody: { expression: { simple: { expression: '${variable.city}' } } }"
            })
    void takesWhatIsWhatItSays(String step, @TempDir Path directory) {
        String text =
                "- route: { id: some, from: { uri: 'tool:some', parameters: { parameter.city: string }, steps: [ { %s } ] } }"
                        .formatted(step);

        assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "log: { message: '${header.city}' }, true",
        "log: { message: '${header.CITY}' }, true",
        "log: { message: '${headers[city]}' }, true",
        "setBody: { expression: { header: { expression: city } } }, true",
        "log: { message: '${header.other}' }, false",
        "log: { message: '${variable.city}' }, false"
    })
    void namesAnArgumentThatIsReadAsAHeader(String step, boolean told, @TempDir Path directory) throws IOException {
        String text =
                """
                - route:
                    id: some
                    from:
                      uri: tool:some
                      parameters: { parameter.city: string }
                      steps:
                %s        - %s
                """;
        RouteValidator validator = RouteValidator.standalone(environment);
        Files.writeString(directory.resolve("some.camel.yaml"), text.formatted("", step));
        assertThat(validator.validate(directory).problems().stream().map(Problem::message))
                .filteredOn(message -> message.equals(
                        "no step sets the header '%s'; an argument of the tool is a variable: ${variable.%<s}"
                                .formatted(step.contains("CITY") ? "CITY" : "city")))
                .hasSize(told ? 1 : 0);

        String set = "        - setHeader: { name: city, expression: { constant: { expression: x } } }\n";
        Files.writeString(directory.resolve("some.camel.yaml"), text.formatted(set, step));
        assertThat(validator.validate(directory).problems().stream().map(Problem::message))
                .noneMatch(message -> message.startsWith("no step sets the header"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tool", "task", "agent", "wait", "signal"})
    void namesTheStepThatCallsAComponent(String written, @TempDir Path directory) {
        String text =
                "- route: { id: some, from: { uri: 'task:some', steps: [ { %s: { name: x } } ] } }".formatted(written);

        assertThat(RouteValidator.standalone(environment).problems(directory, "some.camel.yaml", text))
                .extracting(Problem::message)
                .contains("'%s' is not a step that Camel knows; did you mean to: { uri: '%s:...' }?"
                        .formatted(written, written));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "fast, small | model: fats  | model: there is no model 'fats'; did you mean 'fast'?; there are [fast, small]",
                "fast, small | onEdit: restart | model: there is no model 'default'; there are [fast, small]",
                "fast        | model: fast  | ",
                "fast        | model: '{{unset.model:fast}}' | ",
                "''          | model: other | ", // without the settings of an environment
            })
    void namesAnAgentsModelThatIsNotConfigured(String models, String option, String problem, @TempDir Path directory)
            throws IOException {
        MockEnvironment configured = new MockEnvironment();
        for (String model : models.split(",")) {
            if (!model.isBlank()) {
                configured.setProperty("drover.models.%s.url".formatted(model.strip()), "http://127.0.0.1:1/v1");
            }
        }
        writeAgent(directory, option);

        assertThat(RouteValidator.standalone(configured).validate(directory).problems())
                .extracting(Problem::toString)
                .isEqualTo(problem == null ? List.of() : List.of("asks.camel.yaml:6: " + problem));
    }

    /** Else the hook that was meant would need a login, and its sender has none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "platform-http:/hooks/signed                 | true",
                "platform-http:hooks/signed                  | true",
                "platform-http://hooks/signed?x=y            | true",
                "rest:post:hooks/signed                      | true",
                "platform-http:/hooks/signed/too             | false",
                "timer:hooks/signed                          | false",
            })
    void aSignedHookIsThatOfARoute(String uri, boolean known, @TempDir Path directory) throws IOException {
        MockEnvironment configured = new MockEnvironment()
                .withProperty("drover.security.hooks[0].path", "/hooks/signed")
                .withProperty("drover.security.hooks[0].signature", "github")
                .withProperty("drover.security.hooks[0].secrets", "0123456789abcdef");
        Files.writeString(
                directory.resolve("signed.camel.yaml"),
                "- route: { id: signed, from: { uri: '%s', steps: [ { log: x } ] } }".formatted(uri));

        assertThat(RouteValidator.standalone(configured).validate(directory).settings())
                .isEqualTo(
                        known
                                ? Set.of()
                                : Set.of(
                                        "drover.security.hooks[0].path (/hooks/signed) is the path of no hook; write it as in from: platform-http:<path>"));
    }

    @Test
    void takesATagThatIsNamedTwice(@TempDir Path directory) throws IOException {
        writeAgent(directory, "tools: 'shop,shop', memory: '${body[user]}'");

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .extracting(Problem::message)
                .containsOnly("tools: no tool has the tag 'shop'");
    }

    @Test
    void leavesOutOnlyTheFoldersOfAMountedConfigMap(@TempDir Path directory) throws IOException {
        for (String folder : new String[] {"..data", "v1..v2"}) {
            Files.writeString(Files.createDirectory(directory.resolve(folder)).resolve("there.camel.yaml"), "{}");
        }

        assertThat(RouteValidator.standalone(environment).validate(directory).files())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "pay.yaml, true",
        "pay.yml, true",
        "pay.camel.yml, true",
        "pay.CAMEL.YAML, true",
        "other.yaml, false",
        "pay.txt, false"
    })
    void tellsOfRoutesInFilesThatNothingLoads(String name, boolean told, @TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve(name),
                name.startsWith("other") ? "other: []" : "- route: {id: pay, from: {uri: 'task:pay', steps: []}}");

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .extracting(Problem::message)
                .isEqualTo(
                        told
                                ? List.of(
                                        "the file holds a route, but is not loaded, because its name does not end with"
                                                + " .camel.yaml; rename it to pay.camel.yaml")
                                : List.of());
    }

    @Test
    void knowsTheToolsOfConfiguredMcpServersByTheirNames(@TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("buys.camel.yaml"),
                """
                - route:
                    id: buys
                    from:
                      uri: task:buys
                      steps:
                        - to: { uri: tool:shop_search }
                        - to: { uri: tool:bank_pay }
                        - to: { uri: tool:ops_ping }
                        - to: { uri: agent:clerk, parameters: { tools: "shop,goods,ops" } }
                """);
        Files.writeString(
                directory.resolve("shop_own.camel.yaml"),
                """
                - route:
                    id: shop_own
                    from:
                      uri: tool:shop_own
                      steps:
                        - setBody: { expression: { constant: { expression: mine } } }
                """);
        environment
                .withProperty("drover.mcp.shop.url", "http://shop/mcp")
                .withProperty("drover.mcp.shop.tags", "goods")
                .withProperty("drover.mcp.ops.url", "http://ops/mcp"); // and nothing else

        RouteValidator.Report report = RouteValidator.standalone(environment).validate(directory);

        assertThat(report.problems().stream().map(Problem::toString))
                .containsExactly(
                        "buys.camel.yaml:7: there is no tool 'bank_pay'; there are shop_own",
                        "shop_own.camel.yaml:4: names that begin with 'shop_' belong to the MCP server"
                                + " drover.mcp.shop; give the tool another name");
    }

    /** The load refuses each, or nothing would ever come of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    task:w | 'wait:signal' | { name: a, timeout: 3d }                 | needs the parameters 'name' and 'key'
                    task:w | 'wait:signal' | { name: '', key: k }                     | needs a name of 1 to 64 letters
                    task:w | 'wait:signal' | { name: progress, key: k }               | needs another name
                    task:w | 'wait:signal' | { name: a, key: k, timeout: 3 days }     | timeout (3 days) must be a duration
                    task:w | 'wait:signal' | { name: a, key: k, duration: 3d }        | belong to wait:until
                    task:w | 'wait:until'  | { }                                      | needs one of the parameters
                    task:w | 'wait:until'  | { duration: 1h, key: k }                 | belong to wait:signal
                    task:w | 'wait:until'  | { duration: -2h }                        | duration (-2h) must be a duration
                    task:w | 'wait:until'  | { until: tomorrow }                      | until (tomorrow) must be an instant
                    task:w | 'wait:until'  | { until: '${date:now}' }                 | another instant in each attempt
                    task:w | 'wait:sinal'  | { name: a, key: k }                      | there is no wait:sinal
                    task:w | 'signal:x y'  | { key: k }                               | needs a name of 1 to 64 letters
                    task:w | 'signal:x'    | { }                                      | needs the parameter 'key'
                    task:w | 'signal:progress' | { key: k }                           | takes no parameter 'key'
                    quartz:t?cron=0/1+*+*+*   | 'task:x' | { key: k }                 | is no cron expression
                    quartz:t?cron=0+0+5+31+2+? | 'task:x' | { key: k }                | never comes due
                    platform-http:/h?httpMethodRestrict=GET,PSOT | 'task:x' | { key: k } | 'PSOT' is no method of HTTP; did you mean 'POST'?
                    kafka:?autoOffsetReset=earliest | 'task:x' | { key: k }           | kafka: names no topic
                    task:w | 'wait:signal' | { name: a, key: '${body}', timeout: '${body[t]}' } |
                    task:w | 'wait:signal' | { name: a, key: k, timeout: '{{patience}}' } |
                    task:w | 'wait:until'  | { until: '2026-12-24T18:00:00Z' }        |
                    task:w | 'signal:x'    | { key: '${body[id]}' }                   |
                    quartz:t?cron=0+0+2+*+*+? | 'task:x' | { key: k }                 |
                    quartz:t?cron={{when}}    | 'task:x' | { key: k }                 |
                    platform-http:/h?httpMethodRestrict=get,POST | 'task:x' | { key: k } |
                    """)
    void toldBeforeTheLoadIsWhatCannotBe(
            String from, String to, String parameters, String told, @TempDir Path directory) {
        String file = "- route: { id: w, from: { uri: '%s', steps: [ { to: { uri: %s, parameters: %s } } ] } }"
                .formatted(from, to, parameters);

        Collection<Problem> found = RouteValidator.standalone(environment).problems(directory, "w.camel.yaml", file);

        if (told == null) {
            assertThat(found)
                    .extracting(Problem::message)
                    .noneMatch(message -> message.contains("wait:")
                            || message.contains("signal:")
                            || message.contains("cron")
                            || message.contains("httpMethod"));
        } else {
            assertThat(found)
                    .anySatisfy(problem -> assertThat(problem.message()).contains(told));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sql:select 1                                | sql: has no identity of its own
                    timer:t?repeatCount=1                       | timer: that fires a fixed number of times
                    quartz:t?trigger.repeatCount=3              | quartz: that fires a fixed number of times
                    scheduler:t?scheduler=quartz                | scheduler: that fires
                    master:lease:sql:select 1                   | sql: has no identity of its own
                    timer:t?period=5000                         |
                    master:lease:timer:t?period=5000            |
                    quartz:t?cron=0+0+2+*+*+?                   |
                    kafka:topic                                 |
                    file:inbox                                  |
                    platform-http:/hook                         |
                    """)
    void reportsATaskWithoutAKeyAndASignalWithoutAnIdWhereTheEventHasNoIdentity(
            String from, String told, @TempDir Path directory) throws IOException {
        Files.writeString(
                directory.resolve("w.camel.yaml"),
                "- route: {id: w, from: {uri: 'task:w', steps: [{log: {message: x}}]}}");
        Files.writeString(
                directory.resolve("inner.camel.yaml"),
                "- route: {id: inner, from: {uri: 'direct:inner', steps: [{to: {uri: 'task:w'}}]}}");
        Files.writeString(
                directory.resolve("t.camel.yaml"),
                """
                - route: {id: t, from: {uri: '%s', steps: [
                    {to: {uri: 'direct:inner'}}, {to: {uri: 'task:w'}}, {to: {uri: 'task:w', parameters: {key: '${body}'}}},
                    {to: {uri: 'signal:s', parameters: {key: '${body}'}}}, {to: {uri: 'signal:s', parameters: {key: a, id: '${body}'}}}]}}
                """
                        .formatted(from));

        assertThat(RouteValidator.standalone(environment).validate(directory).problems())
                .filteredOn(problem -> problem.message().contains("needs a"))
                .extracting(Problem::message)
                .satisfies(found -> {
                    if (told == null) {
                        assertThat(found).isEmpty();
                    } else {
                        assertThat(found)
                                .hasSize(3)
                                .allMatch(message -> message.contains(told))
                                .anyMatch(message -> message.startsWith("signal:s needs an id"))
                                .anyMatch(message -> message.contains("in direct:inner"));
                    }
                });
    }
}
