package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.map;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.drover.FaultyServer;
import io.drover.flag.FlagSet;
import io.drover.flag.FlagsInForce;
import io.drover.hold.Hold;
import io.drover.hold.Holds;
import io.drover.journal.Approval;
import io.drover.journal.AuditTrail;
import io.drover.json.Digest;
import io.drover.json.Json;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What rules say about calls of workflows, agents and callbacks, and what becomes of a file that is edited or broken. */
class RulesTest extends RulesTestBase {

    private static final Path FLAGS = FILES.directory().resolve("flags.yaml");

    @Autowired
    FlagsInForce flags;

    @Autowired
    Holds holds;

    private void flag(String variant) {
        FlagSet before = flags.current();
        write(
                FLAGS,
                "flags: { once-%s: { state: ENABLED, variants: { on: true, off: false }, defaultVariant: %s } } # %s"
                        .formatted(id, variant, UUID.randomUUID()));
        soon().until(() -> flags.current() != before);
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
        CountDownLatch ruled = new CountDownLatch(1);
        SERVER.always("/" + next, FaultyServer.json("{}"));
        SERVER.next("/" + next, out -> {
            ruled.await();
            FaultyServer.status(500, "", "").write(out);
        });
        FILES.write(
                next,
                FILES.read(pay)
                        .replace(pay, "next_" + id)
                        .replaceAll("( +)retries: 0", "$1retries: 0\n$1readOnlyHint: true")
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
        ruled.countDown();

        assertThat(output(task)).isNotNull();
        assertThat(SERVER.requests("/" + next)).as("an attempt each").hasSize(2);
        assertThat(paid()).isEqualTo(1);
    }

    /** By then its tool is forbidden by a rule, switched off by its flag, and held. */
    @Test
    void whatChangesAfterACallIsRecordedChangesNothingOnItsReplay() {
        String once = "once_" + id;
        String later = "later_" + id;
        flag("on");
        tool(once, "parameter.amount: number", "flag: once-" + id);
        tool(later, "parameter.amount: number", "retries: 0", "readOnlyHint: true");
        edit(
                """
                - to: { uri: "tool:%s", parameters: { arg.amount: "1" }, variableReceive: made }
                - to: { uri: "tool:%s", parameters: { arg.amount: "2" } }
                - setBody: { simple: { expression: "${variable.made}" } }
                """
                        .formatted(once, later));
        List<Hold> held = new CopyOnWriteArrayList<>();
        SERVER.respond("/" + later, request -> {
            if (!held.isEmpty()) {
                return FaultyServer.json("{}");
            }
            rules("- { id: rule-%s, tools: [%s], then: forbid }".formatted(id, once));
            flag("off");
            held.add(holds.set(
                            new Holds.Request(Hold.Kind.TOOL, once, "an incident", null),
                            Actor.person("ann", Role.OPERATOR))
                    .hold());
            return FaultyServer.status(500, "", "{}");
        });

        UUID task = start("{}");

        assertThat(output(task)).isEqualTo("{\"made\":true}");
        assertThat(jdbc.sql("select attempt from task where id = ?")
                        .param(task)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(SERVER.requests("/" + once)).hasSize(1);
        holds.release(held.getFirst().id(), Actor.person("ann", Role.OPERATOR));
        assertThat(dead(start("{}"))).as("another call is judged").contains("refused");
        assertThat(SERVER.requests("/" + once)).hasSize(1);
        write(FLAGS, "flags: {}");
    }

    /** What was sent ends as it began, and the next call is judged by the new rule. */
    @Test
    void aRuleThatIsEditedWhileACallIsUnderWayCountsForTheNextOne() {
        AtomicBoolean edited = new AtomicBoolean();
        SERVER.respond("/" + pay, request -> {
            soon().untilTrue(edited);
            return FaultyServer.json("{\"paid\":true}");
        });
        edit(
                "- to: { uri: \"tool:%1$s\", parameters: { arg.amount: \"1\" } }%n- to: { uri: \"tool:%1$s\", parameters: { arg.amount: \"2\" } }"
                        .formatted(pay));
        rules(rule("true", "permit"));
        UUID task = start("{}");
        soon().until(() -> paid() == 1);

        rules(rule("true", "forbid"));
        edited.set(true);

        assertThat(dead(task)).contains("rule rule-%s forbids it".formatted(id));
        assertThat(paid()).isEqualTo(1);
        assertThat(jdbc.sql("select state from call where task_id = ?")
                        .param(task)
                        .query(String.class)
                        .list())
                .containsExactly("SUCCEEDED");
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
