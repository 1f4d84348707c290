package io.drover.agent;

import static io.drover.local.SampleModel.call;
import static io.drover.local.SampleModel.text;
import static io.drover.local.SampleModel.toolResults;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drover.FaultyServer;
import io.drover.hold.Hold;
import io.drover.hold.Hold.Kind;
import io.drover.hold.Holds;
import io.drover.hold.HoldsInForce;
import io.drover.journal.TaskDecisions;
import io.drover.journal.TaskStatus;
import io.drover.local.SampleModel.Reply;
import io.drover.who.Actor;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What is held waits: no call of it begins, no attempt is spent, and what is recorded is not judged again. */
class HoldsTest extends AgentTestBase {

    private static final Actor ANN = Actor.person("ann");

    @Autowired
    HoldsInForce holds;

    @Autowired
    TaskDecisions decisions;

    @Autowired
    MeterRegistry meters;

    private final AtomicInteger questions = new AtomicInteger();

    @BeforeEach
    void answer() {
        SERVER.always("/pay", FaultyServer.json("{\"paid\":true}"));
        SERVER.always("/look", FaultyServer.json("{\"found\":\"Oslo\"}"));
    }

    @AfterEach
    void release() {
        holds.refresh();
        holds.all().forEach(hold -> holds.release(hold.id(), ANN));
    }

    @ParameterizedTest
    @CsvSource({
        "TOOL, pay, WAITING, 1",
        "MODEL, default, WAITING, 0",
        "AGENT, asker, WAITING, 0",
        "USER, test, WAITING, 0",
        "WORKFLOW, ask, QUEUED, 0",
        "ALL, , QUEUED, 0"
    })
    void whatIsHeldWaitsUntilItIsReleased(Kind kind, String name, TaskStatus status, int asked) throws Exception {
        mind(pays());
        Hold hold = hold(kind, name);
        int paid = paid();

        UUID task = submit("ask", question);

        if (status == TaskStatus.WAITING) {
            awaitHeld(task);
            assertThat(row(task))
                    .containsEntry("held_by", hold.subject())
                    .containsEntry("attempt", 0)
                    .extracting("error")
                    .asString()
                    .contains("ann", "because", hold.subject());
        } else {
            // one that is not held passes it
            holds.refresh();
            await().during(Duration.ofSeconds(1))
                    .until(() -> row(task).get("status").equals("QUEUED"));
        }
        assertThat(questions).hasValue(asked);
        assertThat(paid()).isEqualTo(paid);

        holds.release(hold.id(), ANN);

        awaitCompleted(task);
        assertThat(paid()).isEqualTo(paid + 1);
        assertThat(questions).as("what was answered is not asked again").hasValue(2);
        assertThat(row(task)).containsEntry("attempt", 1).containsEntry("held_by", null);
        assertThat(audited(hold.id())).containsExactly("hold", "release");
    }

    /** By this the fleet grows; more workers could not begin what is held. */
    @ParameterizedTest
    @CsvSource({"TOOL, pay", "MODEL, default", "AGENT, asker", "USER, test", "WORKFLOW, ask", "ALL, "})
    void whatIsHeldNeedsNoWorker(Kind kind, String name) {
        mind(pays());
        Hold hold = hold(kind, name);
        UUID task = submit("ask", question);
        boolean begins = kind != Kind.WORKFLOW && kind != Kind.ALL;
        if (begins) {
            awaitHeld(task);
        }
        double queued = begins ? 0 : 1;

        await().untilAsserted(() -> {
            assertThat(gauge("agent.queue.depth", "status", "QUEUED")).isEqualTo(queued);
            assertThat(gauge("agent.tasks.due")).isZero();
            assertThat(gauge("agent.workflow.held")).isEqualTo(begins ? 0 : 1);
        });

        holds.release(hold.id(), ANN);
        awaitCompleted(task);
    }

    private double gauge(String name, String... tags) {
        return meters.get(name).tag("workflow", "ask").tags(tags).gauge().value();
    }

    @ParameterizedTest
    @CsvSource({"AGENT, asker", "WORKFLOW, ask", "USER, test", "TOOL, pay", "ALL, "})
    void aRunningAgentStopsBeforeItsNextCall(Kind kind, String name) {
        List<Hold> set = new ArrayList<>();
        mind(request -> {
            questions.incrementAndGet();
            return switch (toolResults(request).size()) {
                case 0 -> call("look", "{\"what\":\"x\"}");
                case 1 -> {
                    if (set.isEmpty()) {
                        set.add(hold(kind, name));
                    }
                    yield call("pay", "{\"amount\":1}");
                }
                default -> text("done");
            };
        });
        int paid = paid();

        UUID task = submit("ask", question);

        awaitHeld(task);
        assertThat(paid()).isEqualTo(paid);
        assertThat(row(task)).containsEntry("attempt", 0);
        assertThat(states(task)).as("its answer is recorded, and is not lost").containsOnly("SUCCEEDED");

        holds.release(set.get(0).id(), ANN);

        awaitCompleted(task);
        assertThat(paid()).isEqualTo(paid + 1);
        assertThat(questions).hasValue(3);
    }

    /** No notification, and no look of this process since: the statement that records the begin sees it. */
    @ParameterizedTest
    @CsvSource({"TOOL, pay", "AGENT, asker", "WORKFLOW, ask", "USER, test", "ALL, "})
    void noCallBeginsAfterTheCommitOfAHoldThatThisProcessHasNotHeardOf(Kind kind, String name) {
        mind(request -> {
            if (toolResults(request).isEmpty()) {
                if (questions.incrementAndGet() == 1) {
                    jdbc.sql("insert into hold (kind, name, reason, who) values (?, ?, 'because', 'ann')")
                            .param(kind.name())
                            .param(name)
                            .update();
                }
                return call("pay", "{\"amount\":1}");
            }
            return text("done");
        });
        int paid = paid();

        UUID task = submit("ask", question);

        awaitHeld(task);
        assertThat(paid()).isEqualTo(paid);
        assertThat(row(task)).containsEntry("attempt", 0);

        jdbc.sql("delete from hold").update();

        awaitCompleted(task);
        assertThat(paid()).isEqualTo(paid + 1);
    }

    @Test
    void whatIsRecordedIsReplayedUnderAHold() {
        List<Hold> look = new ArrayList<>();
        mind(request -> switch (toolResults(request).size()) {
            case 0 -> call("pay", "{\"amount\":1}");
            case 1 -> {
                if (look.isEmpty()) {
                    look.add(hold(Kind.TOOL, "look"));
                }
                yield call("look", "{\"what\":\"x\"}");
            }
            default -> text("done");
        });
        int paid = paid();

        UUID task = submit("ask", question);
        awaitHeld(task);
        hold(Kind.TOOL, "pay");
        holds.release(look.get(0).id(), ANN);

        awaitCompleted(task);
        assertThat(paid()).isEqualTo(paid + 1);
    }

    @Test
    void aHoldEndsByTheDatabasesClock() throws Exception {
        mind(pays());
        Hold hold = holds.set(new Holds.Request(Kind.TOOL, "pay", "because", Duration.ofSeconds(2)), ANN)
                .hold();
        assertThat(hold.until()).isEqualTo(hold.since().plusSeconds(2));

        UUID task = submit("ask", question);

        awaitHeld(task);
        awaitCompleted(task);
        await().untilAsserted(() -> assertThat(audited(hold.id())).containsExactly("hold", "hold-expired"));
        assertThat(holds.all()).isEmpty();
    }

    @Test
    void aTaskThatIsRetriedOrCancelledUnderAHoldIsHeldAndCancelled() throws Exception {
        mind(pays());
        Hold hold = hold(Kind.TOOL, "pay");
        UUID cancelled = submit("ask", question);
        awaitHeld(cancelled);
        decisions.cancel(cancelled, ANN);
        UUID dead = submit("ask", question);
        awaitHeld(dead);
        jdbc.sql("update task set status = 'DEAD', wait_reason = null, error = '{}', finished_at = now() where id = ?")
                .param(dead)
                .update();

        decisions.redrive(dead, ANN);

        awaitHeld(dead);
        holds.release(hold.id(), ANN);
        awaitCompleted(dead);
        assertThat(row(cancelled)).containsEntry("status", "CANCELLED");
    }

    @Test
    void theSameHoldOfTheSamePersonIsOneAndOthersAreTheirOwn() {
        Holds.Request request = new Holds.Request(Kind.TOOL, "look", "because", null);
        Holds.Set first = holds.set(request, ANN);

        assertThat(holds.set(request, ANN)).isEqualTo(new Holds.Set(first.hold(), false));
        Holds.Set other = holds.set(request, Actor.person("bob"));
        assertThat(other.isNew()).isTrue();
        assertThat(holds.release(first.hold().id(), ANN)).isEqualTo(first.hold());
        assertThat(holds.on("tool:look")).as("bob's is still in force").isEqualTo(other.hold());
        assertThat(holds.release(first.hold().id(), ANN)).isNull();
    }

    private Function<JsonNode, Reply> pays() {
        return request -> {
            questions.incrementAndGet();
            return toolResults(request).isEmpty() ? call("pay", "{\"amount\":1}") : text("done");
        };
    }

    private Hold hold(Kind kind, String name) {
        return holds.set(new Holds.Request(kind, name, "because", null), ANN).hold();
    }

    private int paid() {
        return SERVER.requests("/pay").size();
    }

    private void awaitHeld(UUID task) {
        await().untilAsserted(() ->
                assertThat(row(task)).containsEntry("status", "WAITING").containsEntry("wait_reason", "HELD"));
    }

    private void awaitCompleted(UUID task) {
        await().untilAsserted(() -> assertThat(row(task)).containsEntry("status", "COMPLETED"));
    }

    private Map<String, Object> row(UUID task) {
        return jdbc.sql("select status, wait_reason, held_by, attempt, error::text as error from task where id = ?")
                .param(task)
                .query()
                .singleRow();
    }

    private List<String> states(UUID task) {
        return jdbc.sql("select state from call where task_id = ?")
                .param(task)
                .query(String.class)
                .list();
    }

    private List<String> audited(long hold) {
        return jdbc.sql("select action from audit where action in ('hold', 'release', 'hold-expired')"
                        + " and (detail ->> 'id')::bigint = ? order by id")
                .param(hold)
                .query(String.class)
                .list();
    }
}
