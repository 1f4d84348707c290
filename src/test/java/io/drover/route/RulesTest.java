package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.FaultyServer;
import io.drover.journal.Approval;
import io.drover.journal.Approvals;
import io.drover.journal.AuditTrail;
import io.drover.journal.TaskStatus;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.rules.Rules;
import io.drover.rules.RulesInForce;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What rules say about calls of workflows, agents and callbacks, and what becomes of a file that is edited or broken. */
class RulesTest extends RouteFilesTestBase {

    private static final AtomicInteger CASES = new AtomicInteger();
    private static final Path RULES = FILES.directory().resolve("rules.yaml");

    @Autowired
    RulesInForce inForce;

    @Autowired
    Approvals approvals;

    @Autowired
    AuditTrail audit;

    @Autowired
    MeterRegistry meters;

    private final String id = Integer.toString(CASES.incrementAndGet());
    private final String pay = "ruled_" + id;
    private final String flow = "ruled-" + id;

    @BeforeEach
    void pays() {
        SERVER.always("/" + pay, FaultyServer.json("{\"paid\":true}"));
        FILES.write(
                pay,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters:
                        description: Pays
                        tags: payments
                        parameter.amount: number
                        parameter.note: string?
                        retries: 0
                      steps:
                        - marshal: { json: {} }
                        - to: { uri: "{{server.url}}/%1$s" }
                """
                        .formatted(pay));
        workflow("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\" } }".formatted(pay));
        soon().until(() -> workflows.get(flow) != null && tools.current().get(pay) != null);
    }

    @AfterEach
    void permitEverything() {
        rules("");
        assertThat(routes.problems()).noneMatch(problem -> problem.file().equals("rules.yaml"));
    }

    private void workflow(String steps) {
        FILES.write(
                flow,
                """
                - route:
                    id: %1$s
                    from:
                      uri: task:%1$s
                      parameters: { maxAttempts: 3, backoff: 10ms }
                      steps:
                %2$s
                """
                        .formatted(flow, steps.indent(8)));
    }

    /** The same for a workflow that is there. */
    private void edit(String steps) {
        long before = workflows.get(flow).definition();
        workflow(steps);
        soon().until(() -> workflows.get(flow).definition() != before);
    }

    private static void write(String text) {
        try {
            Path fresh = Files.writeString(FILES.directory().resolve("rules.tmp"), text);
            Files.move(fresh, RULES, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** These rules are in force, and no others. */
    private void rules(String rules) {
        Rules before = inForce.current();
        write(
                rules.isEmpty()
                        ? "rules: [] # " + UUID.randomUUID()
                        : "# %s%nrules:%n%s".formatted(UUID.randomUUID(), rules.indent(2)));
        soon().until(() -> inForce.current() != before);
    }

    private String rule(String when, String then) {
        return "- { id: rule-%s, why: So it is., tools: [%s], when: \"%s\", then: %s }".formatted(id, pay, when, then);
    }

    private UUID start(String input) {
        return tasks.submit(new Submit(flow, null, input, null, Duration.ZERO, "sub"))
                .join()
                .id();
    }

    private int paid() {
        return SERVER.requests("/" + pay).size();
    }

    private String dead(UUID task) {
        soon().until(() -> {
            hurry(task);
            return queue.progress(task).status() == TaskStatus.DEAD;
        });
        return queue.progress(task).error();
    }

    private Approval asked(UUID task) {
        soon().until(() -> !asks(task).isEmpty());
        assertThat(asks(task)).hasSize(1);
        return asks(task).getFirst();
    }

    private List<Approval> asks(UUID task) {
        return approvals.open(null, null, 0, 1000).stream()
                .filter(approval -> approval.task().equals(task))
                .toList();
    }

    private void approve(Approval approval) {
        approvals.vote(approval.id(), true, null, Actor.person("ann", Role.APPROVER));
    }

    private List<String> rulesOf(UUID task) {
        return jdbc.sql("select rule from call where task_id = ? order by n")
                .param(task)
                .query(String.class)
                .list();
    }

    private double counted(String verdict, boolean enforced) {
        return meters
                .find("agent.rule.verdicts")
                .tags("rule", "rule-" + id, "verdict", verdict, "enforced", Boolean.toString(enforced))
                .counters()
                .stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void aForbiddenCallIsNotMadeAndThePermittedOneNamesItsRule() {
        rules(rule("args.amount > 100", "forbid"));

        assertThat(output(start("{\"amount\":100}"))).contains("paid");
        assertThat(dead(start("{\"amount\":100.5}")))
                .contains("refused: rule rule-%s forbids it: So it is.".formatted(id));

        assertThat(paid()).isEqualTo(1);
        assertThat(counted("forbid", true)).isEqualTo(1);

        rules(rule("args.amount <= 100 && actor.name == 'sub' && task.workflow == '%s'".formatted(flow), "permit"));
        UUID task = start("{\"amount\":99}");
        assertThat(output(task)).contains("paid");
        assertThat(rulesOf(task)).singleElement().asString().matches("rule-%s@[0-9a-f]{16}".formatted(id));
        assertThat(dead(start("{\"amount\":101}")))
                .contains("only as a rule permits, and none does; there are rule-" + id);
        assertThat(paid()).isEqualTo(2);
    }

    /** A call that is not made leaves no row of its own, so the audit says which rule forbade it. */
    @Test
    void whoLooksAtATaskSeesWhichRuleForbadeItsCall() throws JsonProcessingException {
        rules(rule("args.amount > 100", "forbid"));
        edit(
                """
                - doTry:
                    steps:
                      - to: { uri: "tool:%1$s", parameters: { arg.amount: "${body[amount]}" } }
                    doCatch:
                      - exception: [java.lang.Exception]
                        steps: [ { to: { uri: "tool:%1$s", parameters: { arg.amount: "101" } } } ]
                """
                        .formatted(pay));
        UUID task = start("{\"amount\":102}");
        dead(task);

        List<AuditTrail.Entry> kept = audited(task);
        assertThat(kept).as("one for each call, however often it was tried").hasSize(2);
        for (AuditTrail.Entry entry : kept) {
            assertThat(entry.actor()).isEqualTo("rule:rule-" + id);
            assertThat(entry.what()).isEqualTo("forbid");
            assertThat(Json.value(entry.detail()))
                    .asInstanceOf(map(String.class, Object.class))
                    .containsEntry("tool", pay)
                    .containsEntry("reason", "rule rule-%s forbids it: So it is.".formatted(id))
                    .hasEntrySatisfying(
                            "rule", rule -> assertThat((String) rule).startsWith("rule-" + id + "@"));
        }
        assertThat(kept).extracting(AuditTrail.Entry::detail).anySatisfy(detail -> assertThat(detail)
                .contains(Digest.uuid("{\"amount\":101}").toString()));
    }

    private List<AuditTrail.Entry> audited(UUID task) {
        return audit.list(new AuditTrail.Filter(null, null, task, null, null), 100, null);
    }

    @Test
    void aConditionThatFailsForbids() {
        rules(rule("dyn(args.amount).size() > 1", "permit"));

        assertThat(dead(start("{\"amount\":1}"))).contains("rule rule-%s cannot be evaluated".formatted(id));
        assertThat(paid()).isZero();
        assertThat(counted("error", true)).isEqualTo(1);
    }

    /** What was approved is the call under this rule: an edited rule asks again. */
    @Test
    void aRuleThatAsksHasAPersonApproveTheCallOnce() {
        rules(rule("args.amount > 100", "ask"));
        UUID task = start("{\"amount\":200}");
        Approval approval = asked(task);
        assertThat(approval.summary()).isEqualTo("rule rule-%s asks a person: So it is.".formatted(id));

        rules(rule("args.amount > 150", "ask"));
        approve(approval);
        soon().until(() -> !asks(task).isEmpty() && asked(task).id() != approval.id());
        assertThat(paid()).isZero();

        approve(asked(task));
        assertThat(output(task)).contains("paid");
        assertThat(audited(task).stream().filter(entry -> entry.what().equals("ask")))
                .as("one for each rule that asked")
                .hasSize(2);
        assertThat(paid()).isEqualTo(1);
        assertThat(rulesOf(task)).singleElement().asString().startsWith("rule-" + id + "@");
    }

    @Test
    void anApprovalDoesNotHelpWhatIsForbiddenMeanwhile() {
        rules(rule("args.amount > 100", "ask"));
        UUID task = start("{\"amount\":200}");
        Approval approval = asked(task);

        rules(rule("args.amount > 100", "forbid"));
        approve(approval);

        assertThat(dead(task)).contains("forbids it");
        assertThat(paid()).isZero();
    }

    @Test
    void aRecordedCallIsNotJudgedAgain() {
        String next = "next-" + id;
        SERVER.always("/" + next, FaultyServer.status(500, "", ""));
        FILES.write(
                next,
                FILES.read(pay)
                        .replace(pay, "next_" + id)
                        .replace("retries: 0", "readOnlyHint: true")
                        .replace("parameter.amount: number", "parameter.amount: number?")
                        .replace("{{server.url}}/next_" + id, "{{server.url}}/" + next)
                        .replace("id: next_" + id, "id: " + next));
        edit(
                """
                - to: { uri: "tool:%s", parameters: { arg.amount: "${body[amount]}" } }
                - to: { uri: "tool:next_%s", parameters: { arg.amount: "1" } }
                """
                        .formatted(pay, id));
        soon().until(() -> tools.current().get("next_" + id) != null);
        UUID task = start("{\"amount\":200}");
        soon().untilAsserted(() -> assertThat(SERVER.requests("/" + next))
                .as(queue.progress(task).error())
                .isNotEmpty());

        rules(rule("true", "forbid"));
        SERVER.always("/" + next, FaultyServer.json("{}"));

        assertThat(output(task)).isNotNull();
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void aModelHearsThatARuleForbidsItsCall() {
        AgentEditTest.mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(List.of(new Call(pay, "{\"amount\":5}"), new Call(pay, "{\"amount\":50}")))
                : text(toolResults(request).stream()
                        .map(result -> result.path("content").asText())
                        .toList()
                        .toString());
        edit("- to: { uri: \"agent:payer-%s\", parameters: { system: Pay, tools: payments } }".formatted(id));
        rules("- { id: rule-%s, why: Ask ann., tools: [%s], agents: [payer-*], when: args.amount > 10, then: forbid }"
                .formatted(id, pay));

        assertThat(output(start("\"please\"")))
                .contains("paid")
                .contains("refused")
                .contains("rule rule-%s forbids it: Ask ann.".formatted(id));
        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void aRuleThatObservesIsOnlyCounted() {
        rules("- { id: rule-%s, tools: [%s], then: forbid, observe: true }".formatted(id, pay));

        assertThat(output(start("{\"amount\":5}"))).contains("paid");

        assertThat(counted("forbid", false)).isEqualTo(1);
        assertThat(counted("forbid", true)).isZero();
    }

    /** Whatever happens to the file, what it forbade stays forbidden until another one can be used. */
    @Test
    void aBrokenOrDeletedFileLeavesTheRulesBeforeInForce() throws IOException {
        rules(rule("args.amount > 100", "forbid"));

        write("rules:\n  - { id: x, tools: [%s], when: \"args.amuont > 1\", then: forbid }".formatted(pay));
        soon().untilAsserted(() -> assertThat(routes.problems())
                .anyMatch(problem -> problem.file().equals("rules.yaml")
                        && problem.line() == 2
                        && problem.runs()
                        && problem.message().contains("did you mean 'amount'?")));
        assertThat(routes.areAllLoaded()).isTrue();
        assertThat(dead(start("{\"amount\":101}"))).contains("forbids it");

        Files.delete(RULES);
        soon().untilAsserted(() -> assertThat(routes.problems())
                .anyMatch(problem -> problem.message().startsWith("it was deleted")));
        assertThat(dead(start("{\"amount\":102}"))).contains("forbids it");
        assertThat(paid()).isZero();

        rules("");
        assertThat(output(start("{\"amount\":103}"))).contains("paid");
        assertThat(routes.names()).contains("rules.yaml");
    }

    /** An edit of the tool may break a rule, which then forbids what it cannot judge. */
    @Test
    void aRuleThatDoesNotFitAnEditedToolIsReportedAndForbids() {
        rules(rule("args.amount > 100", "forbid"));
        String before = FILES.read(pay);
        FILES.write(pay, before.replace("parameter.amount: number", "parameter.sum: number"));
        edit("- to: { uri: \"tool:%s\", parameters: { arg.sum: \"${body[amount]}\" } }".formatted(pay));
        soon().untilAsserted(() -> assertThat(routes.problems())
                .anyMatch(problem -> problem.message().contains("there is no 'amount'")));
        soon().until(() ->
                tools.current().get(pay).spec().arguments().schema().toString().contains("sum"));

        assertThat(dead(start("{\"amount\":1}"))).contains("rule rule-%s cannot be evaluated".formatted(id));
        assertThat(paid()).isZero();
    }
}
