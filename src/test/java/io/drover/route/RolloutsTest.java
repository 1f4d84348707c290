package io.drover.route;

import static io.drover.FaultyServer.hangUp;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.journal.TaskStatus;
import io.drover.journal.WorkflowVersion;
import io.drover.rollout.RolloutAction;
import io.drover.rollout.RolloutState;
import io.drover.rollout.RolloutView;
import io.drover.rollout.Rollouts;
import io.drover.task.Submit;
import io.drover.who.Actor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** A version on trial, on real files, a real PostgreSQL and in a running process. */
class RolloutsTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();

    @Autowired
    Rollouts rollouts;

    private final String flow = "trial" + CASES.incrementAndGet();
    private final String id = flow + "-2";
    private final Map<UUID, String> submitted = new HashMap<>();

    @AfterEach
    void none() {
        write("rollouts: {} # " + flow);
        soon().until(() ->
                routes.problems().stream().noneMatch(one -> one.file().equals("rollouts.yaml")));
    }

    /** The entry comes first: so the candidate is never the current version, not even for a moment. */
    @Test
    void aWorseCandidateIsRolledBackByItself() {
        version(1, saying("one"));
        told();
        write(declared("steps: [50], tasks: 100, tell: told-" + flow));
        soon().until(() ->
                routes.warnings().stream().anyMatch(one -> one.toString().contains("begins when there is one")));
        assertThat(rollouts.find(id)).isEmpty();
        assertThat(output(submit(flow))).isEqualTo("\"one\"");

        version(2, "- throwException: { exceptionType: java.lang.IllegalArgumentException, message: worse }");
        soon().until(() -> rollouts.find(id).isPresent());
        for (int n = 0; n < 20 && state() == RolloutState.RUNNING; n++) {
            submitAll(20);
        }
        soon().until(() -> state() == RolloutState.ROLLED_BACK);

        RolloutView ended = rollouts.find(id).orElseThrow();
        assertThat(ended.reason()).startsWith("'dead': ");
        assertThat(output(submit(flow))).as("all tasks are the control's again").isEqualTo("\"one\"");
        assertThat(output(submit(flow))).isEqualTo("\"one\"");
        soon().until(() -> SERVER.requests("/told-" + flow).size() >= 2);
        assertThat(SERVER.requests("/told-" + flow))
                .anySatisfy(request ->
                        assertThat(request.body()).contains("rolled-back").contains("/console/rollouts/" + id));
    }

    @Test
    void aGoodCandidateIsPromotedAndGetsAllTasks() {
        version(1, saying("one"));
        write(declared("steps: [20, 50], tasks: 20, guardrails: { dead: { tolerance: 40 } }"));
        version(2, saying("two"));
        soon().until(() -> rollouts.find(id).isPresent());

        for (int n = 0; n < 100 && state() == RolloutState.RUNNING; n++) {
            submitAll(20);
        }
        soon().until(() -> state() == RolloutState.PROMOTED);
        assertThat(output(submit(flow))).isEqualTo("\"two\"");
        assertThat(output(submit(flow))).isEqualTo("\"two\"");
    }

    /** What is assigned is what the key says, and stays so when the share grows. */
    @Test
    void aKeyKeepsItsSide() throws Exception {
        version(1, saying("one"));
        write(declared("steps: [25, 60], tasks: 100000"));
        version(2, saying("two"));
        soon().until(() -> rollouts.find(id).isPresent());
        submitAll(200);
        long candidates = tracksByKey().values().stream()
                .filter(track -> track.endsWith("@2"))
                .count();
        assertThat(candidates).isBetween(20L, 90L);
        assertThat(jdbc.sql("select count(*) from task where workflow = ? and rollout is null")
                        .param(flow)
                        .query(Integer.class)
                        .single())
                .as("of 200, half is compared with the other half of that")
                .isBetween(50, 160);

        jdbc.sql("update rollout set share = 600000 where id = ?").param(id).update();
        rollouts.all();
        Map<String, String> first = tracksByKey();
        jdbc.sql("delete from task where workflow = ?").param(flow).update();
        List<String> keys = List.copyOf(submitted.values());
        keys.forEach(key -> submitKeyed(key, key));
        Map<String, String> then = tracksByKey();
        keys.stream().filter(key -> first.get(key).endsWith("@2")).forEach(key -> assertThat(then.get(key))
                .isEqualTo(first.get(key)));
        assertThat(then.values()).filteredOn(track -> track.endsWith("@2")).hasSizeGreaterThan((int) candidates);
    }

    /** A person is asked, and may never answer: the candidate that asks is judged by that already. */
    @Test
    void aCallInDoubtCountsWhenItIsAsked() {
        FILES.write(
                "unsure-" + flow,
                """
                - route:
                    id: unsure-%1$s
                    from:
                      uri: tool:unsure-%1$s
                      parameters: { description: Hangs up, timeout: 20s, retries: 0 }
                      steps:
                        - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: POST } } }
                        - to: { uri: "{{server.url}}/unsure-%1$s" }
                """
                        .formatted(flow));
        soon().until(() -> tools.current().get("unsure-" + flow) != null);
        version(1, saying("one"));
        write(declared("steps: [50], tasks: 100"));
        version(2, "- to: { uri: \"tool:unsure-%s\" }".formatted(flow));
        soon().until(() -> rollouts.find(id).isPresent());
        for (int n = 0; n < 20 && state() == RolloutState.RUNNING; n++) {
            for (int i = 0; i < 20; i++) {
                SERVER.next("/unsure-" + flow, hangUp());
            }
            submitAll(20);
        }
        soon().until(() -> state() == RolloutState.ROLLED_BACK);
        assertThat(rollouts.find(id).orElseThrow().reason()).startsWith("'in-doubt': ");
    }

    @Test
    void aPersonDecides() throws Exception {
        Actor ann = Actor.person("ann");
        version(1, saying("one"));
        write(declared("steps: [50], tasks: 1000, inFlight: move"));
        version(2, saying("two"));
        soon().until(() -> rollouts.find(id).isPresent());

        rollouts.decide(id, RolloutAction.PAUSE, "to look", ann);
        assertThat(state()).isEqualTo(RolloutState.PAUSED);
        rollouts.decide(id, RolloutAction.ABORT, "bad idea", ann);
        assertThat(output(submit(flow))).isEqualTo("\"one\"");
        rollouts.decide(id, RolloutAction.PROMOTE, "good idea", ann);
        assertThat(output(submit(flow))).isEqualTo("\"two\"");
        assertThat(jdbc.sql("select who || ' ' || action from audit where detail ->> 'rollout' = ? order by id")
                        .param(id)
                        .query(String.class)
                        .list())
                .containsExactly(
                        "drover:rollouts rollout-begin",
                        "ann rollout-pause",
                        "ann rollout-abort",
                        "ann rollout-promote");
    }

    /** The last good file stays in force. */
    @Test
    void aBrokenFileIsReportedAndChangesNothing() {
        version(1, saying("one"));
        write(declared("steps: [1]"));
        soon().until(() ->
                routes.warnings().stream().anyMatch(one -> one.toString().contains("begins when there is one")));
        write("rollouts:\n  %s: { workflow: %s, candidate: two }\n".formatted(id, flow));
        soon().until(() -> routes.problems().stream().anyMatch(one -> one.file().equals("rollouts.yaml")));
        version(2, saying("two"));

        assertThat(output(submit(flow))).isEqualTo("\"one\"");
        assertThat(workflows.get(flow).spec().version()).isEqualTo(1);
    }

    private String declared(String more) {
        return "rollouts:\n  %s: { workflow: %s, candidate: 2, %s }\n".formatted(id, flow, more);
    }

    private static String saying(String text) {
        return "- setBody: { expression: { constant: { expression: '%s' } } }".formatted(text);
    }

    private void version(int version, String step) {
        String route = version == 1 ? flow : flow + "-" + version;
        FILES.write(
                route,
                """
                - route:
                    id: %s
                    from:
                      uri: task:%s
                      parameters: { maxAttempts: 1, version: %d }
                      steps:
                        %s
                """
                        .formatted(route, flow, version, step));
        soon().until(() -> workflows.get(new WorkflowVersion(flow, version)) != null);
    }

    private void told() {
        FILES.write(
                "told-" + flow,
                """
                - route:
                    id: told-%1$s
                    from:
                      uri: tool:told-%1$s
                      parameters:
                        description: Hears of decisions
                        parameter.rollout: string
                        parameter.status: string
                        parameter.page: string
                        idempotentHint: true
                      steps:
                        - setBody:
                            expression: { simple: { expression: '{"status":"${variable.status}","page":"${variable.page}"}' } }
                        - setHeader: { name: CamelHttpMethod, expression: { constant: { expression: POST } } }
                        - to: { uri: "{{server.url}}/told-%1$s" }
                """
                        .formatted(flow));
        soon().until(() -> tools.current().get("told-" + flow) != null);
    }

    private void submitAll(int number) {
        List<UUID> all = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            String key = "k" + submitted.size();
            UUID task = submitKeyed(key, key);
            submitted.put(task, key);
            all.add(task);
        }
        soon().until(() -> all.stream()
                .allMatch(task -> queue.progress(task).status().isTerminal()
                        || queue.progress(task).status() == TaskStatus.WAITING));
    }

    private UUID submitKeyed(String key, String input) {
        return tasks.submit(new Submit(flow, key, "{\"n\":\"%s\"}".formatted(input), null, Duration.ZERO, "test"))
                .join()
                .id();
    }

    private RolloutState state() {
        return rollouts.find(id).orElseThrow().state();
    }

    private Map<String, String> tracksByKey() {
        Map<String, String> tracks = new HashMap<>();
        jdbc.sql("select key, track from task where workflow = ?").param(flow).query(row -> {
            tracks.put(row.getString("key"), row.getString("track"));
        });
        return tracks;
    }

    private static void write(String text) {
        FILES.put("rollouts.yaml", text);
    }
}
