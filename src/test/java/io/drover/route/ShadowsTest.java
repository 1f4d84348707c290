package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.drover.FaultyServer;
import io.drover.journal.Approvals;
import io.drover.journal.CallRecord;
import io.drover.journal.TaskStore;
import io.drover.journal.TaskView;
import io.drover.journal.WorkflowVersion;
import io.drover.rollout.RolloutState;
import io.drover.rollout.Rollouts;
import io.drover.shadow.Difference;
import io.drover.shadow.ShadowReport;
import io.drover.shadow.Shadows;
import io.drover.task.Signals;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** A candidate that mirrors live tasks, on real files, a real PostgreSQL and in a running process. */
class ShadowsTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final String AS_BEFORE =
            """
            - to: { uri: "tool:look_%1$s", parameters: { arg.order: "${body[order]}" }, variableReceive: found }
            - to: { uri: "tool:pay_%1$s", parameters: { arg.order: "${body[order]}" } }
            - setBody: { expression: { constant: { expression: 'done' } } }
            """;

    @Autowired
    Rollouts rollouts;

    @Autowired
    Shadows shadows;

    @Autowired
    TaskStore store;

    @Autowired
    Signals signals;

    @Autowired
    Approvals approvals;

    private final String flow = "mirrored" + CASES.incrementAndGet();
    private final String id = flow + "-shadow";

    @BeforeEach
    void twoTools() {
        tool("look", "readOnlyHint: true");
        tool("pay", "destructiveHint: true");
        version(1, AS_BEFORE);
    }

    @AfterEach
    void none() {
        jdbc.sql("update rollout set state = 'ABORTED', ended_at = now() where id = ? and ended_at is null")
                .param(id)
                .update();
        write("rollouts: {} # " + flow);
        soon().until(() ->
                routes.problems().stream().noneMatch(one -> one.file().equals("rollouts.yaml")));
    }

    /** The shadow hears what the live task has heard; what it does itself is no more than a read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "as before | none | | 0",
                "another order read | arguments | look | 1",
                "another order paid | arguments | pay | 0",
                "paid again | extra | pay | 0",
                "one more tool | extra | other | 0",
                "not paid | missing | pay | 0",
                "fails | outcome | | 0",
                "says else | output | | 0"
            })
    void aShadowIsComparedAndHasNoEffect(String change, String difference, String tool, int reads) {
        tool("other", "destructiveHint: true");
        begin(change(change), "tasks: 1, maxCostUsd: 1");
        UUID live = submit(flow, "{\"order\":\"o-1\"}");
        assertThat(output(live)).isEqualTo("\"done\"");

        ShadowReport report = compared(1);

        assertThat(report.groups()).singleElement().satisfies(group -> {
            assertThat(group.difference()).isEqualTo(Difference.valueOf(difference.toUpperCase(Locale.ROOT)));
            assertThat(group.tool()).isEqualTo(tool == null ? null : tool + "_" + flow);
            assertThat(group.live()).isEqualTo(live);
            assertThat(group.shadows()).isEqualTo(1);
        });
        assertThat(SERVER.requests("/pay-" + flow))
                .as("paid once, by the live task")
                .hasSize(1);
        assertThat(SERVER.requests("/other-" + flow)).isEmpty();
        assertThat(SERVER.requests("/look-" + flow)).hasSize(1 + reads);
        TaskView shadow = store.find(report.groups().getFirst().shadow()).orElseThrow();
        assertThat(shadow.submitter().mode().word()).isEqualTo("shadow");
        assertThat(shadow.submitter().version()).isEqualTo(2);
        soon().until(() -> state() == RolloutState.COMPARED);
        assertThat(workflows.get(flow).spec().version())
                .as("what was compared does not become current by itself")
                .isEqualTo(1);
    }

    private String change(String what) {
        return switch (what) {
            case "as before" -> AS_BEFORE;
            case "another order read" -> AS_BEFORE.replaceFirst("\\$\\{body\\[order]}", "o-2");
            case "another order paid" ->
                AS_BEFORE.replace(
                        "tool:pay_%1$s\", parameters: { arg.order: \"${body[order]}\"",
                        "tool:pay_%1$s\", parameters: { arg.order: \"o-2\"");
            case "paid again" ->
                "- to: { uri: \"tool:pay_%1$s\", parameters: { arg.order: o-3 }, variableReceive: twice }\n"
                        + AS_BEFORE;
            case "one more tool" -> "- to: { uri: \"tool:other_%1$s\", parameters: { arg.order: o-1 } }\n" + AS_BEFORE;
            case "not paid" -> AS_BEFORE.replaceFirst("(?m)^- to: .*tool:pay.*\n", "");
            case "fails" ->
                AS_BEFORE + "- throwException: { exceptionType: java.lang.IllegalArgumentException, message: worse }\n";
            default -> AS_BEFORE.replace("'done'", "'else'");
        };
    }

    /** In the shadow's journal stands all that it heard, in its own order: people see it as any task. */
    @Test
    void whatItHeardStandsInItsJournal() {
        begin(AS_BEFORE, "tasks: 1, maxCostUsd: 1");
        UUID live = submit(flow, "{\"order\":\"o-7\"}");
        output(live);

        UUID shadow = compared(1).groups().getFirst().shadow();

        assertThat(store.calls(shadow))
                .extracting(CallRecord::tool, CallRecord::n, CallRecord::result)
                .isEqualTo(store.calls(live).stream()
                        .map(call -> tuple(call.tool(), call.n(), call.result()))
                        .toList());
    }

    /** A wait is over when the live task's was, with the same signal. */
    @Test
    void aWaitHearsWhatTheLiveTaskHeard() {
        String waits =
                """
                - to: { uri: "wait:signal", parameters: { name: "go-%1$s", key: "${body[order]}" }, variableReceive: said }
                - setBody: { expression: { simple: { expression: "${variable.said[body]}" } } }
                """;
        version(1, waits);
        begin(waits + "- log: { message: more }\n", "tasks: 1, maxCostUsd: 1");
        UUID live = submit(flow, "{\"order\":\"o-1\"}");
        soon().until(() -> "SIGNAL"
                .equals(jdbc.sql("select wait_reason from task where id = ?")
                        .param(live)
                        .query(String.class)
                        .optional()
                        .orElse("")));
        signals.send(new Signals.Send("go-" + flow, "o-1", "\"yes\"", null, null, "test"))
                .join();
        assertThat(output(live)).contains("yes");

        assertThat(compared(1).groups().getFirst().difference()).isEqualTo(Difference.NONE);
    }

    /** What a person refused is refused again, and that person is not asked again. */
    @Test
    void aRejectionIsHeard() {
        tool("ask", "approval: always");
        String asks =
                """
                - doTry:
                    steps:
                      - to: { uri: "tool:ask_%1$s", parameters: { arg.order: "o-1" } }
                    doCatch:
                      - exception: [ java.lang.Exception ]
                        steps:
                          - setBody: { expression: { constant: { expression: 'refused' } } }
                """;
        version(1, asks);
        begin(asks + "- log: { message: more }\n", "tasks: 1, maxCostUsd: 1");
        UUID live = submit(flow, "{\"order\":\"o-1\"}");
        soon().until(() -> !approvals.of(live).isEmpty());
        approvals.vote(approvals.of(live).getFirst().id(), false, "no", Actor.person("ann", Role.APPROVER));
        assertThat(output(live)).isEqualTo("\"refused\"");

        ShadowReport.Group group = compared(1).groups().getFirst();

        assertThat(group.difference()).isEqualTo(Difference.NONE);
        assertThat(approvals.of(group.shadow())).isEmpty();
        assertThat(SERVER.requests("/ask-" + flow)).isEmpty();
    }

    /** An agent that is the same hears its model's answers again; one with another prompt asks, and that costs. */
    @ParameterizedTest
    @CsvSource({"You help., 0", "You help better., 1"})
    void onlyAnAgentThatIsAnotherAsksItsModel(String prompt, int asked) {
        SERVER.always("/chat/completions", answer("fine"));
        String asks =
                """
                - to: { uri: "agent:helper_%%1$s", parameters: { model: odd, system: "%s" } }
                - setBody: { expression: { constant: { expression: 'done' } } }
                """;
        version(1, asks.formatted("You help."));
        begin(asks.formatted(prompt), "tasks: 1, maxCostUsd: 1");
        int before = SERVER.requests("/chat/completions").size();
        output(submit(flow, "{\"order\":\"o-1\"}"));

        ShadowReport report = compared(1);

        assertThat(SERVER.requests("/chat/completions")).hasSize(before + 1 + asked);
        assertThat(report.groups().getFirst().difference()).isEqualTo(Difference.NONE);
    }

    /** What the candidate does not take is said. */
    @Test
    void aCandidateThatDoesNotTakeTheInputIsSeen() {
        FILES.write(
                flow + "-2",
                """
                - route:
                    id: %1$s-2
                    from:
                      uri: task:%1$s
                      parameters: { version: 2, inputSchema: '{"type":"object","required":["customer"]}' }
                      steps:
                        - log: { message: hm }
                """
                        .formatted(flow));
        begin(null, "tasks: 1, maxCostUsd: 1");
        output(submit(flow, "{\"order\":\"o-1\"}"));

        ShadowReport.Group group = compared(1).groups().getFirst();
        assertThat(group.difference()).isEqualTo(Difference.REFUSED);
        assertThat(group.reason()).isEqualTo("the input breaks the schema of task:" + flow);
    }

    /** What there is no room for is left out, and not mirrored hours later. */
    @Test
    void noMoreAreMirroredThanTheRateAllows() {
        begin(AS_BEFORE, "tasks: 100, perMinute: 2, maxCostUsd: 1");
        List<UUID> all = List.of(
                submit(flow, "{\"order\":\"1\"}"),
                submit(flow, "{\"order\":\"2\"}"),
                submit(flow, "{\"order\":\"3\"}"),
                submit(flow, "{\"order\":\"4\"}"));
        all.forEach(this::output);

        compared(2);
        soon().until(() -> jdbc.sql("select count(*) from outcome where rollout = ? and version = 1 and place is null")
                        .param(id)
                        .query(Integer.class)
                        .single()
                == 0);
        assertThat(jdbc.sql("select count(*) from shadow where rollout = ?")
                        .param(id)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
    }

    /** A process died after it had chosen a task, and before it had submitted the shadow. */
    @Test
    void aShadowThatWasChosenIsSubmittedByTheNext() {
        UUID live = submit(flow, "{\"order\":\"o-1\"}");
        output(live);
        begin(AS_BEFORE, "tasks: 1, maxCostUsd: 1");
        jdbc.sql("insert into shadow (task_id, live, rollout) values (?, ?, ?)")
                .params(UUID.randomUUID(), live, id)
                .update();

        assertThat(compared(1).groups().getFirst().difference()).isEqualTo(Difference.NONE);
    }

    private static FaultyServer.Answer answer(String text) {
        return FaultyServer.json(
                """
                {"choices":[{"finish_reason":"stop","message":{"role":"assistant","content":"%s"}}],"usage":{"prompt_tokens":10,"completion_tokens":1}}"""
                        .formatted(text));
    }

    /** The entry comes first: so the candidate is never the current version. */
    private void begin(String steps, String more) {
        write("rollouts:\n  %s: { workflow: %s, candidate: 2, mode: shadow, %s }\n".formatted(id, flow, more));
        if (steps != null) {
            version(2, steps);
        }
        soon().until(() -> rollouts.find(id).isPresent());
    }

    private ShadowReport compared(int number) {
        soon().until(() -> {
            jdbc.sql("update task set run_at = now() where mode = 'shadow' and wait_reason = 'RETRY'")
                    .update();
            return shadows.of(id).compared() >= number;
        });
        return shadows.of(id);
    }

    private RolloutState state() {
        return rollouts.find(id).orElseThrow().state();
    }

    private void tool(String name, String hint) {
        SERVER.always("/" + name + "-" + flow, FaultyServer.json("{\"ok\":true}"));
        FILES.write(
                name + "_" + flow,
                """
                - route:
                    id: %1$s_%2$s
                    from:
                      uri: tool:%1$s_%2$s
                      parameters: { description: A tool, parameter.order: string, %3$s }
                      steps:
                        - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: POST } } }
                        - setBody: { expression: { simple: { expression: '{"order":"${variable.order}"}' } } }
                        - to: { uri: "{{server.url}}/%1$s-%2$s" }
                """
                        .formatted(name, flow, hint));
        soon().until(() -> tools.current().get(name + "_" + flow) != null);
    }

    private void version(int version, String steps) {
        String route = version == 1 ? flow : flow + "-" + version;
        String before = definition(version);
        FILES.write(
                route,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 2, backoff: 1s, version: %d }
                      steps:
                %s
                """
                        .formatted(
                                route,
                                flow,
                                version,
                                steps.formatted(flow).indent(8).stripTrailing()));
        soon().until(() -> definition(version) != null && !definition(version).equals(before));
    }

    private String definition(int version) {
        var workflow = workflows.get(new WorkflowVersion(flow, version));
        return workflow == null ? null : workflow.routeId();
    }

    private static void write(String text) {
        FILES.put("rollouts.yaml", text);
    }
}
