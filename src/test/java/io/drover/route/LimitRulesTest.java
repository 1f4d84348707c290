package io.drover.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.drover.FaultyServer;
import io.drover.journal.Approval;
import io.drover.journal.AuditTrail;
import io.drover.journal.Mode;
import io.drover.journal.TaskStatus;
import io.drover.task.Submit;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules about the calls of all tasks that have something in common. */
class LimitRulesTest extends RulesTestBase {

    @BeforeEach
    void paysForSomebody() {
        edit("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\", arg.note: \"${body[who]}\" } }"
                .formatted(pay));
    }

    private void limit(String when, String more) {
        limits(when, "forbid" + more);
    }

    private void limits(String when, String then) {
        rules(
                "- { id: rule-%s, why: So it is., tools: [%s], per: \"args.?note.orValue('nobody')\", within: 24h, when: \"%s\", then: %s }"
                        .formatted(id, pay, when, then));
    }

    private UUID pay(String who, double amount) {
        return start("{\"who\":\"%s-%s\",\"amount\":%s}".formatted(who, id, amount));
    }

    private int subjects() {
        return jdbc.sql("select count(*) from call_subject where tool = ?")
                .param(pay)
                .query(Integer.class)
                .single();
    }

    private void daysPass(int days) {
        jdbc.sql("update call_subject set began_at = began_at - make_interval(days => ?) where tool = ?")
                .param(days)
                .param(pay)
                .update();
    }

    @Test
    void theyLimitTheNumberOfCallsOfAllTasksForOne() {
        limit("history.count('%s') >= 2".formatted(pay), "");

        output(pay("ada", 1));
        output(pay("ada", 1));
        UUID third = pay("ada", 1);
        assertThat(dead(third)).contains("rule rule-%s forbids it".formatted(id));
        output(pay("bob", 1));

        assertThat(paid()).isEqualTo(3);
        assertThat(counted("forbid", true)).isEqualTo(1);
        assertThat(audited(third)).anySatisfy(entry -> assertThat(entry.actor()).isEqualTo("rule:rule-" + id));
        assertThat(subjects()).as("a refused call uses nothing up").isEqualTo(3);
    }

    @Test
    void theyLimitASumWithinATime() {
        limit("history.sum('%s', 'amount') + args.amount > 100".formatted(pay), "");
        output(pay("ada", 60));

        dead(pay("ada", 41));
        output(pay("ada", 40));
        dead(pay("ada", 1));
        daysPass(1);
        output(pay("ada", 100));

        assertThat(paid()).isEqualTo(3);
    }

    @Test
    void aCallThatFailedUsesNothingUp() {
        limit("history.count('%s') >= 1".formatted(pay), "");
        SERVER.next("/" + pay, FaultyServer.status(422, "", "{}"));
        dead(pay("ada", 1));

        output(pay("ada", 1));
        dead(pay("ada", 1));

        assertThat(paid()).isEqualTo(2);
    }

    /** Of those that come together as many are made as the limit lets through, and no other is lost. */
    @Test
    void tasksThatComeTogetherNeverPassTheLimit() {
        limit("history.count('%s') >= 3".formatted(pay), "");

        List<UUID> all = IntStream.range(0, 12).mapToObj(i -> pay("ada", i)).toList();

        all.forEach(task -> soon().until(() -> hasEnded(task)));
        assertThat(paid()).isEqualTo(3);
        assertThat(all.stream().filter(task -> queue.progress(task).status() == TaskStatus.COMPLETED))
                .hasSize(3);
    }

    /** Whether it has room depends on how the first one ends. */
    @Test
    void aCallWaitsForTheOneOfAnotherTaskThatIsUnderWay() {
        AtomicBoolean fails = new AtomicBoolean();
        SERVER.respond("/" + pay, request -> {
            if (request.body().contains("777")) {
                soon().untilTrue(fails);
                return FaultyServer.status(422, "", "{}");
            }
            return FaultyServer.json("{\"paid\":true}");
        });
        limit("history.count('%s') >= 1".formatted(pay), "");
        UUID first = pay("ada", 777);
        soon().until(() -> paid() == 1);

        UUID second = pay("ada", 1);
        soon().untilAsserted(() -> assertThat(queue.progress(second).status()).isEqualTo(TaskStatus.WAITING));
        assertThat(paid()).isEqualTo(1);
        fails.set(true);

        output(second);
        dead(first);
        assertThat(paid()).isEqualTo(2);
        assertThat(counted("forbid", true)).isZero();
    }

    @Test
    void aRecordedCallIsNotJudgedAgain() {
        limit("history.count('%s') >= 1".formatted(pay), "");
        edit(
                """
                - to: { uri: "tool:%1$s", parameters: { arg.amount: "1", arg.note: "ada-%2$s" } }
                - throwException: { exceptionType: java.lang.IllegalStateException, message: no }
                """
                        .formatted(pay, id));

        assertThat(dead(start("{}"))).contains("no").doesNotContain("forbids");

        assertThat(paid()).isEqualTo(1);
    }

    @Test
    void whatOnlyObservesIsCountedAndRefusesNothing() {
        limit("history.count('%s') >= 1".formatted(pay), ", observe: true");

        output(pay("ada", 1));
        output(pay("ada", 1));

        assertThat(paid()).isEqualTo(2);
        assertThat(counted("forbid", false)).isEqualTo(1);
    }

    @Test
    void beyondTheLimitAPersonIsAsked() {
        limits("history.sum('%s', 'amount') + args.amount > 100".formatted(pay), "ask");
        output(pay("ada", 60));
        UUID second = pay("ada", 41);

        Approval asked = asked(second);

        assertThat(asked.summary()).isEqualTo("rule rule-%s asks a person: So it is.".formatted(id));
        assertThat(paid()).isEqualTo(1);
        output(pay("ada", 40)); // what waits for a person uses nothing up
        output(pay("bob", 100));
        approve(asked);
        output(second);
        assertThat(paid()).isEqualTo(4);
        assertThat(subjects()).isEqualTo(4);
        assertThat(rulesOf(second)).singleElement().asString().startsWith("rule-%s@".formatted(id));
        assertThat(audited(second))
                .filteredOn(entry -> entry.actor().equals("rule:rule-" + id))
                .extracting(AuditTrail.Entry::what)
                .containsExactly("ask");
    }

    @Test
    void aCallThatAPersonRejectsUsesNothingUp() {
        limits("history.count('%s') >= 1".formatted(pay), "ask");
        output(pay("ada", 1));
        UUID second = pay("ada", 2);

        approvals.vote(asked(second).id(), false, null, Actor.person("ann", Role.APPROVER));

        dead(second);
        assertThat(paid()).isEqualTo(1);
        assertThat(subjects()).isEqualTo(1);
    }

    /** The yes was for these rules. */
    @Test
    void anEditedLimitAsksAgainAndOneThatForbidsWins() {
        limits("history.count('%s') >= 1".formatted(pay), "ask");
        output(pay("ada", 1));
        UUID second = pay("ada", 2);
        Approval first = asked(second);
        limits("history.count('%s') >= 1 && args.amount > 0.0".formatted(pay), "ask");
        approve(first);
        soon().until(() -> !asks(second).isEmpty() && asks(second).getFirst().id() != first.id());
        assertThat(paid()).isEqualTo(1);

        limits("history.count('%s') >= 1".formatted(pay), "forbid");
        approve(asked(second));

        assertThat(dead(second)).contains("rule rule-%s forbids it".formatted(id));
        assertThat(paid()).isEqualTo(1);
    }

    /** One whose tool asks anyway has one request for both reasons. */
    @Test
    void aToolThatAsksAndALimitThatAsksAreOneQuestion() {
        String asks = "asks_" + id;
        tool(asks, "parameter.amount: number", "parameter.note: string", "approval: always", "summary: Pay");
        edit("- to: { uri: \"tool:%s\", parameters: { arg.amount: \"${body[amount]}\", arg.note: \"${body[who]}\" } }"
                .formatted(asks));
        rules(
                "- { id: rule-%1$s, why: So it is., tools: [%2$s], per: args.note, within: 24h, when: history.count('%2$s') >= 1, then: ask }"
                        .formatted(id, asks));
        UUID first = pay("ada", 1);
        approve(asked(first));
        output(first);
        UUID second = pay("ada", 2);

        Approval asked = asked(second);
        approve(asked);

        output(second);
        assertThat(asked.summary()).isEqualTo("Pay (rule rule-%s asks a person: So it is.)".formatted(id));
        assertThat(SERVER.requests("/" + asks)).hasSize(2);
    }

    /** Nobody knows whom it is for, so nobody knows whether that is too much. */
    @Test
    void aCallOfWhichItCannotBeSaidWhatItHasInCommonIsForbidden() {
        limit("history.count('%s') >= 1".formatted(pay), "");

        assertThat(dead(start("{\"who\":\" \",\"amount\":1}"))).contains("cannot be evaluated: ");

        assertThat(paid()).isZero();
    }

    @Test
    void aDryRunUsesNothingUp() {
        limit("history.count('%s') >= 1".formatted(pay), "");
        UUID dry = tasks.submit(new Submit(flow, null, "{\"who\":\"ada\",\"amount\":1}", null, Duration.ZERO, "sub")
                        .in(Mode.DRY_RUN))
                .join()
                .id();

        output(dry);

        assertThat(subjects()).isZero();
    }

    /** A call that only reads is on record before it is made, because others have to see it. */
    @Test
    void readsAreLimitedToo() {
        String look = "look_" + id;
        tool(look, "parameter.note: string", "readOnlyHint: true");
        edit("- to: { uri: \"tool:%s\", parameters: { arg.note: \"${body[who]}\" } }".formatted(look));
        rules(
                "- { id: rule-%1$s, tools: [%2$s], per: args.note, within: 60s, when: history.count('%2$s') >= 2, then: forbid }"
                        .formatted(id, look));

        output(pay("ada", 1));
        output(pay("ada", 1));
        dead(pay("ada", 1));

        assertThat(SERVER.requests("/" + look)).hasSize(2);
    }
}
