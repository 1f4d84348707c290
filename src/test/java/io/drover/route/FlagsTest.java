package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.api.TaskController;
import io.drover.api.TaskInfo;
import io.drover.flag.FlagSet;
import io.drover.flag.FlagsInForce;
import io.drover.journal.TaskRedo;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What flags are for tasks, where routes may ask for them, and what becomes of a file that is edited or broken. */
class FlagsTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final Path FLAGS = FILES.directory().resolve("flags.yaml");

    @Autowired
    FlagsInForce inForce;

    @Autowired
    TaskController api;

    @Autowired
    MeterRegistry meters;

    @Autowired
    TaskRedo redo;

    private final String id = Integer.toString(CASES.incrementAndGet());
    private final String flag = "new-" + id;
    private final String flow = "flagged-" + id;
    private final String tool = "flagged_" + id;

    @BeforeEach
    void aSwitch() {
        flags("off", "");
    }

    @AfterEach
    void noFlags() {
        write("flags: {} # " + UUID.randomUUID());
        soon().until(() -> inForce.current().names().isEmpty());
        assertThat(routes.problems()).noneMatch(problem -> problem.file().equals("flags.yaml"));
    }

    private static void write(String text) {
        FILES.put("flags.yaml", text);
    }

    /** The flag is in force with this default and targeting. */
    private void flags(String variant, String targeting) {
        FlagSet before = inForce.current();
        write(
                """
                # %s
                flags:
                  %s:
                    state: ENABLED
                    variants: { on: "on", off: "off" }
                    defaultVariant: %s
                    %s
                """
                        .formatted(
                                UUID.randomUUID(),
                                flag,
                                variant,
                                targeting.isEmpty() ? "" : "targeting: " + targeting));
        soon().until(() -> inForce.current() != before);
    }

    private void workflow(String steps) {
        workflow(steps, 50);
    }

    private void workflow(String steps, int attempts) {
        FILES.write(
                flow,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { maxAttempts: %3$d, backoff: 10m }
                      steps:
                %2$s
                """
                        .formatted(
                                flow,
                                steps.replace("FLAG", "${flag:" + flag + "}").indent(8),
                                attempts));
        soon().until(() -> workflows.get(flow) != null);
    }

    private void pays(String parameters) {
        SERVER.always("/" + tool, FaultyServer.json("{\"paid\":true}"));
        FILES.write(
                tool,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters:
                        description: Pays
                        tags: flagged-%3$s
                        parameter.amount: string?
                        retries: 0
                %2$s
                      steps:
                        - marshal: { json: {} }
                        - to: { uri: "{{server.url}}/%1$s" }
                """
                        .formatted(tool, parameters.indent(8), id));
        soon().until(() -> tools.current().get(tool) != null);
    }

    private UUID start(@Nullable String key, String input) {
        return tasks.submit(new Submit(flow, key, input, null, Duration.ZERO, "sub"))
                .join()
                .id();
    }

    private String run(String input) {
        return output(start(null, input));
    }

    private List<String> recorded(UUID task) {
        return jdbc.sql("select result from call where task_id = ? and tool = 'flag:%s'".formatted(flag))
                .param(task)
                .query(String.class)
                .list();
    }

    @Test
    void anEditCountsForTheNextTaskWithoutARestart() throws JsonProcessingException {
        workflow("- setBody: { simple: { expression: '{\"is\":\"FLAG\"}' } }");

        UUID task = start(null, "{}");
        assertThat(output(task)).contains("off");
        flags("on", "");
        assertThat(run("{}")).contains("on");

        TaskInfo shown = api.get(task, Actor.person("ann", Role.OPERATOR));
        assertThat(shown.flags()).singleElement().satisfies(one -> {
            assertThat(one.name()).isEqualTo(flag);
            assertThat(one.value().asText()).isEqualTo("off");
            assertThat(one.variant()).isEqualTo("off");
            assertThat(one.reason()).isEqualTo("STATIC");
        });
        assertThat(recorded(task)).singleElement().satisfies(result -> assertThat(Json.parse(result))
                .isEqualTo(Json.parse("{\"value\":\"off\",\"variant\":\"off\",\"reason\":\"STATIC\"}")));
        assertThat(meters.counter("agent.flags.resolved", "flag", flag, "variant", "on", "reason", "static")
                        .count())
                .isEqualTo(1);
    }

    /** What a task has seen before a call stays, whatever the file says when the call is made again. */
    @Test
    void aTaskHasOneValueInAllItsAttempts() {
        pays("idempotentHint: true");
        SERVER.always("/" + tool, FaultyServer.status(503, "", ""));
        workflow(
                """
                - setVariable: { name: first, simple: { expression: "FLAG" } }
                - to: { uri: "tool:%s", parameters: { arg.amount: "FLAG" } }
                - setBody: { simple: { expression: '{"first":"${variable.first}","then":"FLAG"}' } }
                """
                        .formatted(tool));
        UUID task = start(null, "{}");
        soon().until(() -> !SERVER.requests("/" + tool).isEmpty());
        assertThat(recorded(task))
                .as("durable before a call that may depend on it")
                .hasSize(1);

        flags("on", "");
        SERVER.always("/" + tool, FaultyServer.json("{\"paid\":true}"));

        assertThat(output(task)).contains("\"first\":\"off\"").contains("\"then\":\"off\"");
        assertThat(SERVER.requests("/" + tool))
                .allSatisfy(request -> assertThat(request.body()).contains("off"));
        assertThat(recorded(task)).hasSize(1);
        assertThat(run("{}")).contains("\"first\":\"on\"");
    }

    /** A worker that dies between the call's record and its result: another one goes on with the same value. */
    @Test
    void anotherWorkerGoesOnWithTheSameValue() {
        pays("idempotentHint: true");
        SERVER.always("/" + tool, FaultyServer.after(3_000, FaultyServer.json("{\"paid\":true}")));
        workflow(
                """
                - to: { uri: "tool:%s", parameters: { arg.amount: "FLAG" } }
                - setBody: { simple: { expression: '{"is":"FLAG"}' } }
                """
                        .formatted(tool));
        UUID task = start(null, "{}");
        soon().until(() -> !SERVER.requests("/" + tool).isEmpty());

        flags("on", "");
        SERVER.always("/" + tool, FaultyServer.json("{\"paid\":true}"));
        jdbc.sql("update task set status = 'QUEUED', token = token + 1, worker = null, run_at = now() where id = ?")
                .param(task)
                .update();

        assertThat(output(task)).contains("off");
        assertThat(SERVER.requests("/" + tool)).hasSizeGreaterThan(1).allSatisfy(request -> assertThat(request.body())
                .contains("off"));
    }

    /** A redo has the models asked again, and the tools that only read; not the flags. */
    @Test
    void aTaskThatIsRedoneHasTheSameValue() {
        pays("readOnlyHint: true");
        SERVER.always("/" + tool, FaultyServer.status(400, "", ""));
        workflow(
                """
                - to: { uri: "tool:%1$s", parameters: { arg.amount: "FLAG" } }
                - setBody: { simple: { expression: '{"is":"FLAG"}' } }
                """
                        .formatted(tool));
        UUID task = start(null, "{}");
        soon().until(() -> queue.progress(task).status() == TaskStatus.DEAD);

        flags("on", "");
        SERVER.always("/" + tool, FaultyServer.json("{\"paid\":true}"));
        assertThat(redo.redo(task, 2, List.of(tool), Actor.person("ann"))).isInstanceOf(TaskRedo.Plan.Calls.class);

        assertThat(output(task)).contains("off");
    }

    @Test
    void parallelBranchesHaveOneValue() {
        workflow(
                """
                - split:
                    expression: { simple: { expression: "${body}", resultType: java.util.List } }
                    parallelProcessing: true
                    aggregationStrategy: "#class:org.apache.camel.processor.aggregate.StringAggregationStrategy"
                    steps: [ { setBody: { simple: { expression: "FLAG" } } } ]
                """);
        UUID task = start(null, "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16]");

        assertThat(output(task)).contains("off".repeat(16));
        assertThat(recorded(task)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    { if: [ { "==": [ { var: country }, CH ] }, on, off ] }        | {"country":"CH"}               | on
                    { if: [ { "==": [ { var: country }, CH ] }, on, off ] }        | {"country":"DE"}               | off
                    { if: [ { ">": [ { var: amount }, 10 ] }, on, off ] }          | {"amount":10.5}                | on
                    { if: [ { var: vip }, on, off ] }                              | {"vip":true}                   | on
                    { if: [ { var: vip }, on, off ] }                              | {"vip":{"is":true}}            | off
                    { if: [ { "==": [ { var: user }, sub ] }, on, off ] }          | {"user":"somebody"}            | on
                    { if: [ { "==": [ { var: targetingKey }, K ] }, on, off ] }    | {"targetingKey":"else"}        | on
                    { if: [ { starts_with: [ { var: workflow }, flagged- ] }, on, off ] } | {"workflow":"x"}        | on
                    { if: [ { "==": [ { var: $flagd.flagKey }, x ] }, on, off ] }  | {"$flagd":{"flagKey":"x"}}     | off
                    { if: [ { "==": [ { var: root }, { var: task } ] }, on, off ] }| []                             | on
                    { if: [ { var: long }, on, off ] }                             | {"long":"LONG"}                | off
                    """)
    void targetsByTheTaskAndItsInput(String targeting, String input, String value) {
        workflow("- setBody: { simple: { expression: '{\"is\":\"FLAG\"}' } }");
        flags("off", targeting);

        assertThat(output(start("K", input.replace("LONG", "x".repeat(1001)))))
                .contains("\"is\":\"%s\"".formatted(value));
    }

    /** Each place is one in which Camel, or a component of ours, evaluates Simple. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    - setBody: { simple: { expression: "it is FLAG" } }
                    - choice: { when: [ { simple: { expression: "FLAG == 'on'" }, steps: [ { setBody: { constant: "it is on" } } ] } ], otherwise: { steps: [ { setBody: { constant: "it is off" } } ] } }
                    - setBody: { simple: { expression: "it is $simple{flag:NAME}" } }
                    - setBody: { simple: { expression: "it is ${flag:NAME:none}" } }
                    - setBody: { language: { language: simple, expression: "it is FLAG" } }
                    - setHeader: { name: "FLAG", constant: { expression: x } }\\n- choice: { when: [ { simple: { expression: "${header.on} == 'x'" }, steps: [ { setBody: { constant: "it is on" } } ] } ], otherwise: { steps: [ { setBody: { constant: "it is off" } } ] } }
                    - toD: { uri: "direct:it-is-FLAG" }
                    - recipientList: { simple: { expression: "direct:it-is-FLAG" } }
                    - to: { uri: "tool:echo_NAME", parameters: { arg.text: "it is FLAG" } }
                    - toD: { uri: "tool:echo_NAME", parameters: { arg.text: "it is FLAG" } }
                    - to: { uri: "tool:inner_NAME" }
                    - doTry: { steps: [ { throwException: { exceptionType: java.lang.IllegalStateException, message: "it is FLAG" } } ], doCatch: [ { exception: [ java.lang.IllegalStateException ], steps: [ { setBody: { simple: { expression: "${exception.message}" } } } ] } ] }
                    - filter: { simple: { expression: "FLAG == 'on'" }, steps: [ { setBody: { constant: "it is on" } }, { stop: {} } ] }\\n- setBody: { constant: "it is off" }
                    """)
    void worksInEachPlaceOfSimple(String steps) {
        FILES.answering("it-is-on-" + id, "direct:it-is-on", "it is on");
        FILES.answering("it-is-off-" + id, "direct:it-is-off", "it is off");
        soon().until(() -> camel.hasEndpoint("direct:it-is-on") != null);
        try {
            FILES.write(
                    "echo_" + id,
                    "- route: { id: echo_%1$s, from: { uri: 'tool:echo_%1$s', parameters: { description: x, parameter.text: string, readOnlyHint: true }, steps: [ { setBody: { simple: { expression: '${variable.text}' } } } ] } }"
                            .formatted(id));
            FILES.write(
                    "inner_" + id,
                    "- route: { id: inner_%1$s, from: { uri: 'tool:inner_%1$s', parameters: { description: x, readOnlyHint: true }, steps: [ { setBody: { simple: { expression: 'it is ${flag:%2$s}' } } } ] } }"
                            .formatted(id, flag));
            soon().until(() ->
                    tools.current().get("echo_" + id) != null && tools.current().get("inner_" + id) != null);
            workflow(steps.replace("\\n", "\n")
                    .replace("flag:NAME", "flag:" + flag)
                    .replace("NAME", id));
            assertThat(run("{}")).contains("it is off");
            flags("on", "");
            assertThat(run("{}")).contains("it is on");
        } finally {
            FILES.delete("it-is-on-" + id);
            FILES.delete("it-is-off-" + id);
            soon().until(() -> routeIds("it-is-on-" + id).isEmpty()
                    && routeIds("it-is-off-" + id).isEmpty());
        }
    }

    /** Of components that evaluate the names of files: Camel has a language of its own for them. */
    @Test
    void namesOfFilesKnowFlags() {
        assertThat(camel.resolveLanguage("file").createExpression("${flag:%s}.txt".formatted(flag)))
                .isNotNull();
    }

    @Test
    void aDefaultIsOfTheTypeThatItLooksLike() {
        workflow(
                """
                - setBody: { simple: { expression: "${flag:none-1:true}" } }
                - setVariable: { name: number, simple: { expression: "${flag:none-2:12.50}" } }
                - setVariable: { name: text, simple: { expression: "${flag:none-3:gpt 5/mini@2}" } }
                - script: { simple: { expression: "${body.getClass().getSimpleName()}" } }
                - setBody: { simple: { expression: '{"b":${body},"n":${variable.number},"t":"${variable.text}"}' } }
                """);
        UUID task = start(null, "{}");

        assertThat(output(task)).isEqualTo("{\"b\":true,\"n\":12.5,\"t\":\"gpt 5/mini@2\"}");
        assertThat(api.get(task, Actor.person("ann", Role.OPERATOR)).flags())
                .extracting(TaskInfo.Flag::reason)
                .containsOnly("ERROR");
    }

    @Test
    void aFlagThatNobodyKnowsFailsAndComesRightByTheFile() {
        workflow("- setBody: { simple: { expression: \"it is ${flag:missing-%s}\" } }".formatted(id));
        UUID task = start(null, "{}");
        soon().untilAsserted(() -> assertThat(queue.progress(task).error())
                .contains("flag 'missing-%s' has no value".formatted(id))
                .contains("${flag:missing-%s:off}".formatted(id)));
        soon().untilAsserted(() -> assertThat(routes.warnings())
                .anyMatch(warning -> warning.message().startsWith("there is no flag 'missing-%s'".formatted(id))));

        write("flags: { missing-%s: { state: ENABLED, variants: { a: 7 }, defaultVariant: a } }".formatted(id));

        assertThat(output(task)).contains("it is 7");
        soon().untilAsserted(() -> assertThat(routes.warnings())
                .noneMatch(warning -> warning.message().startsWith("there is no flag 'missing-%s'".formatted(id))));
    }

    @Test
    void aToolIsCalledOnlyWhereItsFlagIsOn() {
        pays("flag: " + flag);
        workflow("- to: { uri: \"tool:%s\" }".formatted(tool), 3);
        UUID off = start(null, "{}");
        soon().untilAsserted(() -> assertThat(queue.progress(off).error())
                .contains("refused")
                .contains("its flag '%s' is off for this task".formatted(flag)));
        assertThat(SERVER.requests("/" + tool)).isEmpty();

        flags("on", "");

        assertThat(run("{}")).contains("paid");
        soon().until(() -> {
            hurry(off);
            return queue.progress(off).status() == TaskStatus.DEAD;
        });
        assertThat(SERVER.requests("/" + tool))
                .as("the first task still sees it off")
                .hasSize(1);
    }

    /** A model is not offered what it may not call. */
    @Test
    void anAgentIsOfferedATooIOnlyWhereItsFlagIsOn() {
        pays("flag: " + flag);
        AgentEditTest.mind = request -> request.path("tools").isEmpty()
                ? text("no tools")
                : toolResults(request).isEmpty()
                        ? new Reply.Calls(List.of(new Call(tool, "{}")))
                        : text(toolResults(request).getFirst().path("content").asText());
        workflow("- to: { uri: \"agent:flagged\", parameters: { system: Pay, tools: flagged-%s } }".formatted(id));

        assertThat(run("\"please\"")).contains("no tools");
        flags("on", "");
        assertThat(run("\"please, now\"")).contains("paid");
    }

    @Test
    void anAgentsModelMayBeAFlag() {
        AgentEditTest.mind = request -> text("I am " + request.path("model").asText());
        workflow("- to: { uri: \"agent:flagged\", parameters: { system: Say, model: \"${flag:%s:other}\" } }"
                .formatted(flag + "-model"));
        assertThat(run("\"who\"")).contains("I am sample-other");

        write("flags: { %s-model: { state: ENABLED, variants: { a: default, b: none }, defaultVariant: a } }"
                .formatted(flag));
        soon().until(() -> inForce.current().names().contains(flag + "-model"));
        assertThat(run("\"who?\"")).contains("I am sample-default");

        write("flags: { %s-model: { state: ENABLED, variants: { a: default, b: none }, defaultVariant: b } } # b"
                .formatted(flag));
        UUID task = start(null, "\"who??\"");
        soon().untilAsserted(() -> {
            UUID next = start(null, "\"who " + UUID.randomUUID() + "\"");
            soon().until(() -> queue.progress(next).error() != null || hasEnded(next));
            assertThat(queue.progress(next).error()).contains("there is no model 'none'");
        });
        assertThat(task).isNotNull();
    }

    @Test
    void aTaskWithoutAFlagRecordsNone() {
        workflow("- setBody: { constant: { expression: done } }");
        UUID task = start(null, "{}");

        assertThat(output(task)).contains("done");
        assertThat(jdbc.sql("select count(*) from call where task_id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(api.get(task, Actor.person("ann", Role.OPERATOR)).flags()).isNull();
    }

    @Test
    void aBrokenOrDeletedFileLeavesTheFlagsBeforeInForce() throws IOException {
        workflow("- setBody: { simple: { expression: '{\"is\":\"FLAG\"}' } }");
        write("flags:\n  %s:\n    { state: ENABLED, variants: { on: 1 }, defaultVariant: onn }".formatted(flag));
        soon().untilAsserted(() -> assertThat(routes.problems())
                .anyMatch(problem -> problem.file().equals("flags.yaml")
                        && problem.line() == 3
                        && problem.runs()
                        && problem.message().contains("did you mean 'on'?")));
        assertThat(routes.areAllLoaded()).isTrue();
        assertThat(run("{}")).contains("off");

        Files.delete(FLAGS);
        soon().untilAsserted(() -> assertThat(routes.problems())
                .anyMatch(problem ->
                        problem.file().equals("flags.yaml") && problem.message().startsWith("it was deleted")));
        assertThat(run("{}")).contains("off");

        flags("on", "");
        assertThat(run("{}")).contains("on");
        assertThat(routes.names()).contains("flags.yaml");
    }

    /** A trigger has no task in which a value could be recorded. */
    @Test
    void outsideOfATaskThereIsNoFlag() {
        JsonNode nothing = Json.tree(null);
        FILES.write(
                "asks-" + id,
                "- route: { id: asks-%1$s, from: { uri: 'direct:asks-%1$s', steps: [ { setBody: { simple: { expression: '${flag:%2$s}' } } } ] } }"
                        .formatted(id, flag));
        soon().until(() -> camel.hasEndpoint("direct:asks-" + id) != null);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> producer.requestBody("direct:asks-" + id, nothing)))
                .hasStackTraceContaining("works only in a task");
    }
}
