package io.drover.route;

import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.local.SampleModel.Call;
import io.drover.local.SampleModel.Reply;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What rules say about a call by the calls that its task made before, or makes meanwhile. */
class HistoryRulesTest extends RulesTestBase {

    private String step(String tool, String amount) {
        return "{ to: { uri: \"tool:%s\", parameters: { arg.amount: \"%s\" } } }".formatted(tool, amount);
    }

    /** Each step in a branch of its own, beside the others. */
    private static String beside(String... steps) {
        return """
                - multicast:
                    parallelProcessing: true
                    aggregationStrategy: joinVariables
                    steps:
                %s"""
                .formatted(Stream.of(steps)
                        .map("      - pipeline: { steps: [ %s ] }%n"::formatted)
                        .reduce("", String::concat));
    }

    /** Goes on whatever becomes of a call. */
    private static String tried(String step) {
        return "{ doTry: { steps: [ %s ], doCatch: [ { exception: [java.lang.Exception], steps: [ { setBody: { constant: failed } } ] } ] } }"
                .formatted(step);
    }

    @Test
    void limitsTheNumberAndTheSumOfATasksCalls() {
        edit(
                """
                - %s
                - %s
                - setBody: { constant: "{}" }
                - %s
                """
                        .formatted(step(pay, "40"), step(pay, "60"), step(pay, "0.5")));
        rules(rule("history.sum('%s', 'amount') + args.amount > 100.0".formatted(pay), "forbid"));
        assertThat(dead(start("{\"amount\":1}"))).contains("rule rule-%s forbids it".formatted(id));
        assertThat(paid()).isEqualTo(2);

        rules(rule("history.count('%s') < 3".formatted(pay), "permit"));
        assertThat(output(start("{\"amount\":1}"))).isNotNull();
        assertThat(paid()).isEqualTo(5);
    }

    /** What surely had no effect, and what was refused, leaves the limit as it was. */
    @Test
    void aCallThatFailedOrWasRefusedUsesNoLimitUp() {
        SERVER.next("/" + pay, FaultyServer.status(422, "", "{}"));
        edit(
                """
                - %s
                - setBody: { constant: "{}" }
                - %s
                - %s
                - %s
                """
                        .formatted(
                                tried(step(pay, "1")),
                                tried(step(pay, "1000")),
                                step(pay, "2"),
                                tried(step(pay, "3"))));
        rules(rule("history.count('%s') == 0 && args.amount < 100".formatted(pay), "permit"));

        assertThat(output(start("{}"))).isNotNull();
        assertThat(SERVER.requests("/" + pay).stream().map(FaultyServer.Request::body))
                .containsExactly("{\"amount\":1}", "{\"amount\":2}");
    }

    /** A call may be the first of its kind only until another one is: two that come together are not both. */
    @Test
    void callsBesideEachOtherAreJudgedOneAfterTheOther() {
        SERVER.respond("/" + pay, request -> FaultyServer.after(300, FaultyServer.json("{}")));
        edit(beside(IntStream.range(1, 9)
                .mapToObj(i -> tried(step(pay, Integer.toString(i))))
                .toArray(String[]::new)));
        rules(rule("history.count('%s') < 3".formatted(pay), "permit"));

        assertThat(output(start("{}"))).isNotNull();
        assertThat(paid()).isEqualTo(3);
        assertThat(counted("forbid", true)).isEqualTo(5);
    }

    /** The second is judged while the first is under way; also where its task has to wait for that. */
    @ParameterizedTest
    @ValueSource(longs = {400, 3_000})
    void aCallWaitsForOneThatIsUnderWayAndIsNotRefused(long millis) {
        String ship = "ship_" + id;
        String look = "look_" + id;
        tool(ship, "parameter.amount: number", "retries: 0");
        tool(look, "parameter.amount: number", "readOnlyHint: true");
        SERVER.respond("/" + pay, request -> FaultyServer.after(millis, FaultyServer.json("{}")));
        SERVER.respond("/" + look, request -> {
            soon().until(() -> paid() > 0);
            return FaultyServer.json("{}");
        });
        edit(beside(step(pay, "1"), step(look, "1") + ", { setBody: { constant: x } }, " + step(ship, "1")));
        rules("- { id: rule-%s, tools: [%s], when: history.did('%s'), then: permit }".formatted(id, ship, pay));

        assertThat(output(start("{}"))).isNotNull();
        assertThat(SERVER.requests("/" + ship)).hasSize(1);
        assertThat(paid()).isEqualTo(1);
        assertThat(counted("forbid", true)).isZero();
    }

    /** Else it would wait for itself. */
    @Test
    void aCallDoesNotWaitForTheOneWhoseStepsMakeIt() {
        String outer = "outer_" + id;
        FILES.write(
                outer,
                """
                - route:
                    id: %1$s
                    from:
                      uri: tool:%1$s
                      parameters: { description: Does it, retries: 0 }
                      steps:
                        - %2$s
                """
                        .formatted(outer, step(pay, "1")));
        edit("- to: { uri: \"tool:%s\" }".formatted(outer));
        soon().until(() -> tools.current().get(outer) != null);
        rules(rule("history.did('%s')".formatted(outer), "permit"));

        assertThat(output(start("{}"))).isNotNull();
        assertThat(paid()).isEqualTo(1);
    }

    /** A later attempt knows what the earlier one did, and judges nothing again that is recorded. */
    @Test
    void anAttemptKnowsTheCallsOfTheEarlierOnes() {
        String shaky = "shaky_" + id;
        tool(shaky, "parameter.amount: number", "readOnlyHint: true", "retries: 0");
        SERVER.next("/" + shaky, FaultyServer.status(500, "", ""));
        edit(
                """
                - %s
                - %s
                - setBody: { constant: "{}" }
                - %s
                """
                        .formatted(step(pay, "1"), step(shaky, "1"), tried(step(pay, "2"))));
        rules(rule("history.count('%s') == 0".formatted(pay), "permit"));

        UUID task = start("{}");
        assertThat(output(task)).isNotNull();
        assertThat(paid()).isEqualTo(1);
        assertThat(audited(task)).hasSize(1);
    }

    @Test
    void theCallsOfAnAgentThatComeTogetherAreLimitedTogether() {
        AgentEditTest.mind = request -> toolResults(request).isEmpty()
                ? new Reply.Calls(IntStream.range(1, 7)
                        .mapToObj(i -> new Call(pay, "{\"amount\":%d}".formatted(i)))
                        .toList())
                : text(toolResults(request).stream()
                        .map(result -> result.path("content").asText())
                        .toList()
                        .toString());
        edit("- to: { uri: \"agent:payer-%s\", parameters: { system: Pay, tools: payments } }".formatted(id));
        rules(rule("history.count('%s') < 2 && cost >= 0.0".formatted(pay), "permit"));

        assertThat(output(start("\"please\"")).split("refused", -1)).hasSizeGreaterThanOrEqualTo(5);
        assertThat(paid()).isEqualTo(2);
    }

    /** What only observes makes nothing wait. */
    @Test
    void aRuleThatObservesMakesNoCallWait() {
        SERVER.respond("/" + pay, request -> {
            soon().until(() -> paid() == 2);
            return FaultyServer.json("{}");
        });
        edit(beside(step(pay, "1"), step(pay, "2")));
        rules("- { id: rule-%1$s, tools: [%2$s], when: history.count('%2$s') > 0, then: forbid, observe: true }"
                .formatted(id, pay));

        assertThat(output(start("{}"))).isNotNull();
        assertThat(counted("forbid", false)).isEqualTo(1);
    }
}
