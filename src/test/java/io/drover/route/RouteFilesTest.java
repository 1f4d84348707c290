package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drover.Effort;
import io.drover.FaultyServer;
import io.drover.journal.TaskStatus;
import io.drover.json.Json;
import io.drover.json.Schema;
import io.drover.route.check.Problem;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Route files are edited while tasks run: on real files, a real server and a real PostgreSQL. */
class RouteFilesTest extends RouteFilesTestBase {

    @Test // issue 2, point 6
    void anEditIsForNewAttemptsAndRunningOnesFinishOnWhatTheyBeganWith() {
        CountDownLatch backEnd = new CountDownLatch(1);
        SERVER.always("/look-v1", out -> {
            backEnd.await();
            FaultyServer.json("{}").write(out);
        });
        FILES.tool("look", "look", "v1");
        FILES.workflow("edited", "look", "w1");
        soon().until(() -> workflows.get("edited") != null);
        UUID before = submit("edited");
        await().until(() -> SERVER.requests("/look-v1").size() == 1);

        FILES.tool("look", "look", "v2");
        FILES.workflow("edited", "look", "w2");
        soon().until(() -> tools.current().get("look").routeId().equals("look@2")
                && workflows.get("edited").routeId().equals("edited@2"));
        UUID after = submit("edited");

        assertThat(output(after)).isEqualTo("{\"workflow\": \"w2\", \"tool\": \"v2\"}");
        assertThat(queue.progress(before).status()).isEqualTo(TaskStatus.RUNNING);
        backEnd.countDown();
        assertThat(output(before)).isEqualTo("{\"workflow\": \"w1\", \"tool\": \"v1\"}");
        await().untilAsserted(() -> {
            assertThat(routeIds("look")).containsExactly("look@2");
            assertThat(routeIds("edited")).containsExactly("edited@2");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"stricter", "retyped", "deleted", "asks", "untyped", "emptied"})
    void aPaymentThatIsDoneIsNotMadeAgainWhateverBecomesOfItsTool(String edit) {
        String tool = "pay_" + edit;
        SERVER.always("/gate-" + edit, FaultyServer.status(500, "", ""));
        payment(tool, "parameter.order: string\n        parameter.amount: number");
        String workflow = PAY_AND_GO_ON.formatted("pays-" + edit, "pays-" + edit, tool, edit);
        FILES.write("pays-" + edit, edit.equals("emptied") ? workflow.replace(CONSTANTS, "") : workflow);
        gate(edit);
        soon().until(() -> workflows.get("pays-" + edit) != null
                && tools.current().get(tool) != null
                && tools.current().get("gate_" + edit) != null);
        UUID task = submit("pays-" + edit, "{\"order\":\"7\",\"amount\":5}");
        await().until(() -> !SERVER.requests("/gate-" + edit).isEmpty());

        switch (edit) {
            case "stricter" -> payment(tool, "parameter.order: string\n        parameter.reason: string");
            case "retyped" -> payment(tool, "parameter.order: string\n        parameter.amount: string");
            case "emptied" -> payment(tool, "timeout: 9s");
            case "asks" -> payment(tool, "parameter.order: string\n        approval: always");
            case "untyped" -> {
                payment(tool, "parameter.order: number\n        parameter.amount: string");
            }
            default -> FILES.delete(tool);
        }
        if (edit.equals("deleted")) {
            soon().until(() -> tools.current().get(tool) == null);
        } else {
            soon().until(() -> tools.current().get(tool).routeId().equals(tool + "@2"));
        }
        SERVER.always("/gate-" + edit, FaultyServer.json("{}"));

        assertThat(output(task)).contains("ok");
        assertThat(SERVER.requests("/" + tool)).hasSize(1);
    }

    /** Without them the body has the arguments. */
    private static final String CONSTANTS = "            parameters: { arg.order: \"7\", arg.amount: \"5\" }\n";

    /** A payment, and a step that fails until the test lets it go on. */
    private static final String PAY_AND_GO_ON =
            """
            - route:
                id: %s
                from:
                  uri: task:%s
                  parameters: { maxAttempts: 1000, backoff: 100ms }
                  steps:
                    - to:
                        uri: tool:%s
                        parameters: { arg.order: "7", arg.amount: "5" }
                        variableReceive: paid
                    - to:
                        uri: tool:gate_%s
                    - setBody: { expression: { simple: { expression: "${variable.paid}" } } }
            """;

    private static void gate(String edit) {
        FILES.write(
                "gate_" + edit,
                """
                - route:
                    id: gate_%s
                    from:
                      uri: tool:gate_%s
                      parameters: { readOnlyHint: true, retries: 0, argSchema: '{"type":"object"}' }
                      steps:
                        - to: { uri: "{{server.url}}/gate-%s", parameters: { httpMethod: GET } }
                """
                        .formatted(edit, edit, edit));
    }

    private static void payment(String tool, String options) {
        FILES.write(
                tool,
                """
                - route:
                    id: %s
                    from:
                      uri: tool:%s
                      parameters:
                        retries: 0
                        %s
                      steps:
                        - setBody: { constant: "{}" }
                        - to: { uri: "{{server.url}}/%s", parameters: { httpMethod: POST } }
                """
                        .formatted(tool, tool, options, tool));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    sound-1 | - route: [              | 2 | not YAML
                    sound-2 | - route: {id: other}    | 1 | id must be the file's name
                    sound-3 | {}                      | 1 | must contain exactly one route
                    """)
    void aBrokenFileChangesNothingAndIsReportedUntilItIsMended(String sound, String text, int line, String message) {
        FILES.tool(sound, sound, "v1");
        FILES.workflow("calls-sound", sound, "w1");
        soon().until(() -> tools.current().get(sound) != null && workflows.get("calls-sound") != null);
        soon().until(() -> output(submit("calls-sound")).contains("\"v1\""));

        FILES.write(sound, text + "\n");

        soon().untilAsserted(() -> assertThat(problem(sound)).isNotNull().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(line);
            assertThat(problem.message()).contains(message);
            assertThat(problem.runs()).isTrue();
        }));
        assertThat(output(submit("calls-sound"))).contains("\"v1\"");
        FILES.tool(sound, sound, "mended");
        soon().until(() -> problem(sound) == null);
        assertThat(output(submit("calls-sound"))).contains("\"mended\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    timeout: 30s         | timeut: 30s           | 7  | tool: has no option 'timeut'; did you mean 'timeout'?
                    timeout: 30s         | timeout: soon         | 7  | timeout: 'soon' must be a duration
                    timeout: 30s         | throttle: 20          | 7  | throttle '20' must be
                    timeout: 30s         | retries: -1           | 7  | retries (-1) must be from 0 to 100
                    timeout: 30s         | timeout: 0s           | 7  | timeout (0s) must be from 1ms to 1d
                    {{server.url}}       | {{no.such.property}}  | 16 | the property 'no.such.property' has no value
                    - to:                | - tooo:               | 15 | tooo
                    timeout: 30s         | argSchema: x.json     | 7  | argSchema: schema 'x.json': it is not a file
                    """)
    void aMistakeIsReportedAtItsLine(String right, String wrong, int line, String message) throws Exception {
        FILES.tool("mistaken", "mistaken", "v1");
        soon().until(() -> tools.current().get("mistaken") != null);
        String running = routeIds("mistaken").get(0);

        FILES.write("mistaken", Files.readString(FILES.file("mistaken")).replace(right, wrong));

        soon().untilAsserted(() -> assertThat(problem("mistaken")).isNotNull().satisfies(problem -> {
            assertThat(problem.message()).contains(message);
            assertThat(problem.line()).isEqualTo(line);
        }));
        assertThat(routeIds("mistaken")).containsExactly(running);
        assertThat(tools.current().get("mistaken").routeId()).isEqualTo(running);
        FILES.delete("mistaken");
        soon().until(() -> routeIds("mistaken").isEmpty() && problem("mistaken") == null);
    }

    @Test
    void whatKeepsAFileFromBeingLoadedIsSaidOnce() {
        FILES.write(
                "says-once",
                """
                - route:
                    id: says-once
                    from:
                      uri: tool:says_once
                      parameters: { description: d, parameter.city: string }
                      steps:
                        - setBody: { expression: { simple: { expression: "in ${variable.cty}" } } }
                """);
        soon().until(() -> problem("says-once") != null);

        routes.reconcile();

        String message = problem("says-once").message();
        assertThat(message).contains("the variable 'cty' is never set");
        assertThat(routes.warnings()).extracting(Problem::message).doesNotContain(message);
        FILES.delete("says-once");
    }

    @Test
    void aModelIsOfferedWhateverItsProviderCallsIt() {
        assertThat(tools.current().get("model.odd").spec().description())
                .isEqualTo("The model a)b}&retries=9 {{no.such}} #x ~002B%41");
    }

    @Test
    void aToolRefusesArgumentsThatItsSchemaDoesNotDeclare() throws Exception {
        FILES.tool("schemed", "schemed", "v1");
        FILES.write(
                "schemed",
                Files.readString(FILES.file("schemed"))
                        .replace(
                                "timeout: 30s",
                                "argSchema: '{\"type\": \"object\", \"properties\": {\"a\": {\"type\":"
                                        + " \"string\"}}}'"));
        soon().until(() -> tools.current().get("schemed") != null);
        Schema arguments = tools.current().get("schemed").spec().arguments();

        assertThat(arguments.problems(Json.parse("{\"a\": \"x\"}"))).isEmpty();
        assertThat(arguments.problems(Json.parse("{\"a\": \"x\", \"b\": 1}"))).hasSize(1);
        FILES.delete("schemed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
                    self-alias  | - route: &a {from: {uri: "tool:self-alias", steps: [*a]}}
                    alias-bomb  | [&a [x,x,x,x,x,x,x,x,x,x], &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a], &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b], &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c], &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d], [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]]
                    deep        | "%s"
                    """)
    void aFileThatIsEndlessDoesNotStopTheOthers(String name, String text) {
        FILES.write(name, text.formatted("[".repeat(50_000)) + "\n");
        soon().until(() -> problem(name) != null);
        FILES.answering("beside-" + name, "direct:beside-" + name, "here");

        soon().until(() -> routeIds("beside-" + name).size() == 1);

        assertThat(problem(name).message()).contains("not YAML");
        FILES.delete(name);
        soon().until(() -> problem(name) == null);
    }

    /** A route reads foreign JSON through the same door as Drover itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n\":1e30000000}",
                "{\"n\":1,\"n\":2}",
                "{\"n\":\"\\ud800\"}",
                "{\"n\":\"\\u0000\"}",
                "{\"n\":1} {\"n\":2}"
            })
    void unmarshalRefusesWhatDroverRefuses(String body) {
        FILES.write("unmarshals", UNMARSHALS);
        soon().until(() -> routeIds("unmarshals").size() == 1);

        assertThat(producer.requestBody("direct:unmarshals", "{\"n\":7}")).hasToString("{n=7}");
        assertThatThrownBy(() -> producer.requestBody("direct:unmarshals", body))
                .hasRootCauseInstanceOf(com.fasterxml.jackson.core.JsonProcessingException.class);
    }

    private static final String UNMARSHALS =
            """
            - route:
                id: unmarshals
                from:
                  uri: direct:unmarshals
                  steps:
                    - unmarshal:
                        json: {}
            """;

    @Test
    void aFileThatIsNoTextDoesNotStopTheOthers() throws Exception {
        Files.write(FILES.file("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        FILES.answering("beside", "direct:beside", "here");

        soon().until(() -> routeIds("beside").size() == 1);

        soon().until(() -> problem("binary") != null);
        assertThat(problem("binary").message()).contains("UTF-8");
        FILES.delete("binary");
        soon().until(() -> problem("binary") == null);
    }

    @Test
    void neitherALinkInALoopNorAPipeStopsTheOthers() throws Exception {
        Path loop = Files.createSymbolicLink(FILES.directory().resolve("loop"), FILES.directory());
        new ProcessBuilder("mkfifo", FILES.file("pipe").toString())
                .inheritIO()
                .start()
                .waitFor();
        FILES.answering("beside-loop", "direct:beside-loop", "here");

        soon().until(() -> routeIds("beside-loop").size() == 1);

        soon().until(() -> problem("pipe") != null);
        assertThat(problem("pipe").message()).contains("pipe.camel.yaml is not a file");
        Files.delete(loop);
        FILES.delete("pipe");
        soon().until(() -> problem("pipe") == null);
    }

    @Test
    void aDeletedFilesRouteIsDrainedAndRemoved() {
        CountDownLatch backEnd = new CountDownLatch(1);
        SERVER.always("/doomed-v1", out -> {
            backEnd.await();
            FaultyServer.json("{}").write(out);
        });
        FILES.tool("doomed", "doomed", "v1");
        FILES.workflow("calls-doomed", "doomed", "w1");
        soon().until(() -> workflows.get("calls-doomed") != null);
        UUID task = submit("calls-doomed");
        await().until(() -> SERVER.requests("/doomed-v1").size() == 1);

        FILES.delete("doomed");
        FILES.delete("calls-doomed");

        soon().until(() -> tools.current().get("doomed") == null && workflows.get("calls-doomed") == null);
        assertThat(routeIds("doomed")).hasSize(1);
        backEnd.countDown();
        assertThat(output(task)).contains("\"v1\"");
        await().until(() ->
                routeIds("doomed").isEmpty() && routeIds("calls-doomed").isEmpty());
    }

    @Test
    void aRenamedFileGoesOnUnderItsNewId() {
        FILES.tool("first-name", "renamed", "v1");
        soon().until(() -> tools.current().get("renamed") != null);

        FILES.delete("first-name");
        FILES.tool("second-name", "renamed", "v2");

        soon().until(() ->
                routeIds("first-name").isEmpty() && routeIds("second-name").size() == 1);
        assertThat(tools.current().get("renamed").routeId()).isEqualTo("second-name");
    }

    @Test
    void aToolThatChangesItsNameLosesTheOldOne() {
        FILES.tool("changing", "one-name", "v1");
        soon().until(() -> tools.current().get("one-name") != null);

        FILES.tool("changing", "other-name", "v1");

        soon().until(() ->
                tools.current().get("other-name") != null && tools.current().get("one-name") == null);
        soon().until(() -> routeIds("changing").size() == 1);
    }

    @Test
    void theFirstOfTwoFilesKeepsTheTool() {
        FILES.tool("b-owner", "contested", "v1");
        soon().until(() -> tools.current().get("contested") != null);

        FILES.tool("a-rival", "contested", "v2");

        soon().until(() -> problem("a-rival") != null);
        assertThat(problem("a-rival").message()).contains("tool:contested is defined by b-owner.camel.yaml already");
        assertThat(tools.current().get("contested").routeId()).isEqualTo("b-owner");
        FILES.delete("b-owner");
        soon().until(() -> tools.current().get("contested") != null
                && tools.current().get("contested").routeId().startsWith("a-rival"));
        FILES.delete("a-rival");
    }

    @Test
    void theSwapOfAMountedConfigMapIsNoticed() throws Exception {
        Path mount = Files.createDirectory(FILES.directory().resolve("mounted"));
        version(mount, "..v1", "one");
        Files.createSymbolicLink(mount.resolve("..data"), Path.of("..v1"));
        Files.createSymbolicLink(mount.resolve("config-map.camel.yaml"), Path.of("..data/config-map.camel.yaml"));
        soon().until(() -> routeIds("config-map").size() == 1);

        version(mount, "..v2", "two");
        Path swap = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of("..v2"));
        Files.move(swap, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

        soon().untilAsserted(() -> assertThat(producer.requestBody("direct:config-map", "", String.class))
                .isEqualTo("two"));
        assertThat(routes.fileOf("config-map")).isEqualTo("mounted/config-map.camel.yaml");
    }

    private static void version(Path mount, String name, String answer) throws Exception {
        new RouteDirectoryFixture(Files.createDirectory(mount.resolve(name)))
                .answering("config-map", "direct:config-map", answer);
    }

    @Test
    void manyEditsLeaveNothingBehind() throws Exception {
        FILES.tool("busy", "busy", "v0");
        FILES.workflow("calls-busy", "busy", "w0");
        FILES.answering("busy-direct", "direct:busy", "a0");
        edits("busy", 1, 10);
        List<Long> before = sizes();

        int last = Effort.of(50, 210);
        edits("busy", 11, last);

        assertThat(output(submit("calls-busy")))
                .isEqualTo("{\"workflow\": \"w%1$d\", \"tool\": \"v%1$d\"}".formatted(last));
        await().untilAsserted(() -> {
            List<Long> now = sizes();
            assertThat(now.subList(0, 3)).as("routes, endpoints, MBeans").isEqualTo(before.subList(0, 3));
            assertThat(now.get(3)).as("threads").isLessThanOrEqualTo(before.get(3) + 5);
        });
    }

    private void edits(String tool, int from, int to) {
        for (int i = from; i <= to; i++) {
            FILES.tool(tool, tool, "v" + i);
            FILES.workflow("calls-" + tool, tool, "w" + i);
            FILES.answering(tool + "-direct", "direct:" + tool, "a" + i);
            routes.reconcile();
        }
        soon().until(() ->
                routeIds(tool).size() == 1 && routeIds("calls-" + tool).size() == 1);
    }

    private List<Long> sizes() throws Exception {
        return List.of(
                (long) camel.getRoutesSize(),
                (long) camel.getEndpointRegistry().size(),
                (long) ManagementFactory.getPlatformMBeanServer()
                        .queryNames(new ObjectName("org.apache.camel:*"), null)
                        .size(),
                (long) Thread.activeCount());
    }

    @Test
    void aToolThatNoFileDefinesIsAWarningUntilItIsThere() {
        FILES.write(
                "early",
                "- route: {id: early, from: {uri: 'task:early', steps: [{to: {uri: 'tool:later', parameters: {arg.n:"
                        + " x}}}]}}");
        soon().until(() -> workflows.get("early") != null);

        soon().untilAsserted(() -> assertThat(warnings("early.camel.yaml"))
                .singleElement()
                .asString()
                .contains("there is no tool 'later'"));
        assertThat(problem("early")).isNull();

        FILES.write(
                "later",
                "- route: {id: later, from: {uri: 'tool:later', parameters: {parameter.n: string}, steps: [{log:"
                        + " {message: x}}]}}");

        soon().until(() -> warnings("early.camel.yaml").isEmpty());
        FILES.delete("early");
        FILES.delete("later");
    }

    @Test
    void aFileWhoseNameNothingLoadsIsAWarning() throws Exception {
        Path file = FILES.directory().resolve("misnamed.yaml");
        Files.writeString(file, "- route: {id: misnamed, from: {uri: 'task:misnamed', steps: [{log: {message: x}}]}}");

        soon().until(() -> !warnings("misnamed.yaml").isEmpty());

        assertThat(warnings("misnamed.yaml"))
                .singleElement()
                .asString()
                .contains("does not end with .camel.yaml; rename it to misnamed.camel.yaml");
        Files.delete(file);
        soon().until(() -> warnings("misnamed.yaml").isEmpty());
    }

    /** What {@code validate} refuses of one file does not load either; RouteCorpusTest has the whole list. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "toD: {uri: 'http://localhost/${variable.city}'}|can change the target of the call",
                "setHeader: {name: CamelSqlQuery, expression: {simple: {expression: '${body[city]}'}}}|decides what is"
                        + " executed",
                "setBody: {expression: {simple: {expression: 'in ${variable.citty}'}}}|the variable 'citty' is never"
                        + " set; did you mean 'city'?",
                "setBody: {expression: {simple: {expression: 'in ${body[citty]}'}}}|the body has no field 'citty'; did"
                        + " you mean 'city'?",
                "unmarshal: {csv: {}}|the data format 'csv' is not part of this Drover; put"
                        + " org.apache.camel:camel-csv:4.18.0",
                "setBody: {expression: {jq: {expression: '.a'}}}|the language 'jq' is not part of this Drover",
                "bean: {ref: nobody}|ref: there is no bean 'nobody'"
            })
    void whatValidateRefusesIsNotLoaded(String step, String told) {
        FILES.write(
                "refused",
                """
                - route:
                    id: refused
                    from:
                      uri: tool:refused
                      parameters: { parameter.city: string }
                      steps:
                        - %s
                """
                        .formatted(step));

        soon().until(() -> problem("refused") != null);

        assertThat(problem("refused").message()).contains(told);
        assertThat(problem("refused").line()).isEqualTo(7);
        assertThat(tools.current().get("refused")).isNull();
        FILES.delete("refused");
        soon().until(() -> problem("refused") == null);
    }

    @Test
    void filesAsKaotoWritesThemRun() {
        FILES.write(
                "kaoto-tool",
                """
                - route:
                    id: kaoto-tool
                    from:
                      id: from-1
                      uri: tool
                      parameters:
                        name: kaoto-tool
                        description: "100% sure & ready"
                        parameter.to: string
                      steps:
                        - setBody: { expression: { simple: { expression: '{"to": "${variable.to}"}' } } }
                """);
        FILES.write(
                "kaoto-flow",
                """
                - route:
                    id: kaoto-flow
                    from:
                      id: from-2
                      uri: task
                      parameters: { workflow: kaoto-flow }
                      steps:
                        - to: { id: to-1, uri: tool, parameters: { name: kaoto-tool, arg.to: "a & b 5%" } }
                """);
        soon().until(() ->
                workflows.get("kaoto-flow") != null && tools.current().get("kaoto-tool") != null);

        assertThat(tools.current().get("kaoto-tool").spec().description()).isEqualTo("100% sure & ready");
        assertThat(output(submit("kaoto-flow"))).isEqualTo("{\"to\":\"a & b 5%\"}");
        FILES.delete("kaoto-flow");
        FILES.delete("kaoto-tool");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timer | timerName: kaoto, period: 60000, delay: 60000",
                "quartz | groupName: g, triggerName: t, cron: '0 0 2 * * ?'",
                "platform-http | path: /hooks/kaoto, httpMethodRestrict: POST",
                "file | directoryName: target/kaoto-in"
            })
    void triggersAsKaotoWritesThemRun(String component, String parameters) {
        FILES.write(
                "kaoto-any", "- route: {id: kaoto-any, from: {uri: 'task:kaoto-any', steps: [{log: {message: x}}]}}");
        FILES.write(
                "kaoto-trigger",
                """
                - route:
                    id: kaoto-trigger
                    from:
                      uri: %s
                      parameters: { %s }
                      steps:
                        - to: { uri: task, parameters: { workflow: kaoto-any } }
                """
                        .formatted(component, parameters));

        soon().untilAsserted(() -> {
            assertThat(problem("kaoto-trigger")).isNull();
            assertThat(routeIds("kaoto-trigger")).hasSize(1);
        });
        FILES.delete("kaoto-trigger");
        soon().until(() -> routeIds("kaoto-trigger").isEmpty());
        FILES.delete("kaoto-any");
    }

    /** As where the brokers of a tool have no address yet, because they are not there. */
    @Test
    void aRouteWhoseServerIsAwayIsNotBroken() {
        FILES.write(
                "away",
                """
                - route:
                    id: away
                    from:
                      uri: tool:away
                      parameters: { parameter.n: string }
                      steps:
                        - to: { uri: "kafka:away", parameters: { brokers: "no-such-host.invalid:9092" } }
                """);

        soon().until(() -> problem("away") != null);

        assertThat(problem("away").waits()).isTrue();
        assertThat(problem("away").message()).startsWith("a server is away: ");
        FILES.delete("away");
        soon().until(() -> problem("away") == null);
    }

    private List<String> warnings(String file) {
        return routes.warnings().stream()
                .filter(warning -> warning.file().equals(file))
                .map(Object::toString)
                .toList();
    }
}
