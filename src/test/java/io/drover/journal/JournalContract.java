package io.drover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.drover.journal.Approvals.Verdict;
import io.drover.journal.Journal.Begin;
import io.drover.json.Digest;
import io.drover.who.Actor;
import io.drover.who.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every journal does, whatever keeps it. */
public abstract class JournalContract {

    /** A journal, as the rest of Drover sees it. @param promotes queues what has come due */
    public record Ports(
            UUID worker,
            TaskQueue queue,
            Journal journal,
            PendingCalls pending,
            ChildCalls children,
            Signals signals,
            ApprovalRequests requests,
            Approvals approvals,
            Runnable promotes) {}

    private static final Actor ANN = Actor.person("ann", Role.APPROVER);
    private static final Actor BOB = Actor.person("bob", Role.APPROVER);

    private Ports ports;

    /** An empty journal. */
    protected abstract Ports open();

    @BeforeEach
    void begin() {
        ports = open();
    }

    @Test
    void sameWorkflowAndKeyAreOneTask() {
        assertThat(submit(keyed("w", "k", "{\"a\":1}"))).isInstanceOf(Submission.Accepted.class);
        assertThat(submit(keyed("w", "k", "{ \"a\" : 1 }"))).isInstanceOf(Submission.Known.class);
        assertThat(submit(keyed("w", "k", "{\"a\":2}"))).isInstanceOf(Submission.Conflict.class);
        assertThat(submit(keyed("v", "k", "{\"a\":2}"))).isInstanceOf(Submission.Accepted.class);
    }

    @Test
    void aKeyIsItsOwnersAlone() {
        Submission anns = submit(owned("ann", "{\"a\":1}"));
        Submission bobs = submit(owned("bob", "{\"a\":2}"));

        assertThat(bobs).isInstanceOf(Submission.Accepted.class);
        assertThat(bobs.id()).isNotEqualTo(anns.id());
        assertThat(submit(owned("bob", "{\"a\":2}"))).isEqualTo(new Submission.Known(bobs.id()));
        assertThat(submit(owned("ann", "{\"a\":1}"))).isEqualTo(new Submission.Known(anns.id()));
    }

    @Test
    void claimsInOrderOfPriorityThenOfTime() {
        submit(task("w", "\"first\"", 4, Duration.ZERO));
        submit(task("w", "\"urgent\"", 9, Duration.ZERO));
        submit(task("w", "\"later\"", 9, Duration.ofHours(1)));

        assertThat(claim(1)).extracting(ClaimedTask::input).containsExactly("\"urgent\"");
        assertThat(claim(9)).extracting(ClaimedTask::input).containsExactly("\"first\"");
        assertThat(claim(9)).isEmpty();
    }

    @Test
    void anEndIsWrittenOnce() {
        ClaimedTask task = begun();

        assertThat(end(task, new AttemptEnd.Completed("{}"))).isTrue();
        assertThat(end(task, new AttemptEnd.Completed("{}"))).isFalse();
        assertThat(claim(1)).isEmpty();
    }

    @Test
    void anAttemptThatIsGivenBackDoesNotCount() {
        ClaimedTask task = begun();
        end(task, new AttemptEnd.Released());

        ClaimedTask again = claimOne();

        assertThat(again.attempt()).isEqualTo(1);
        assertThat(again.token()).isEqualTo(task.token() + 1);
    }

    @Test
    void anAttemptThatFailedCounts() {
        end(begun(), new AttemptEnd.Retry("{}", Duration.ZERO));

        assertThat(claimOne().attempt()).isEqualTo(2);
    }

    @Test
    void anOldTokenWritesNothing() {
        ClaimedTask old = begun();
        end(old, new AttemptEnd.Released());
        ClaimedTask now = claimOne();

        assertThat(record(call(old, 1, CallState.SUCCEEDED))).isFalse();
        assertThat(end(old, new AttemptEnd.Completed("{}"))).isFalse();
        assertThat(ports.journal()
                        .begin(new BeginRequest(call(old, 1, CallState.STARTED), Set.of()))
                        .join())
                .isInstanceOf(Begin.Refused.class);
        assertThat(calls(now)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = CallState.class,
            names = {"STARTED", "SUCCEEDED", "FAILED", "IN_DOUBT", "PENDING"})
    void aLaterAttemptTakesACallNoStepButTheLegalOnes(CallState before) {
        for (CallState after : CallState.values()) {
            ports = open();
            ClaimedTask first = begun();
            assertThat(record(call(first, 1, before))).isTrue();
            end(first, new AttemptEnd.Released());
            ClaimedTask second = claimOne();

            assertThat(record(call(second, 1, after)))
                    .as("%s to %s", before, after)
                    .isEqualTo(CallState.byAttempt(before).contains(after));
        }
    }

    @Test
    void whatWasRecordedIsThereForTheNextAttempt() {
        ClaimedTask first = begun();
        record(call(first, 2, CallState.SUCCEEDED));
        record(call(first, 1, CallState.STARTED));
        List<CallRecord> reads = List.of(call(first, 3, CallState.SUCCEEDED));
        assertThat(ports.queue()
                        .end(first.lease(), new AttemptEnd.Retry("{}", Duration.ZERO), reads)
                        .join())
                .isTrue();

        assertThat(calls(claimOne()))
                .extracting(CallRecord::n, CallRecord::state)
                .containsExactly(
                        tuple(1, CallState.STARTED), tuple(2, CallState.SUCCEEDED), tuple(3, CallState.SUCCEEDED));
    }

    @Test
    void anEffectIsHadOnceAndGivenBackByACallThatFailed() {
        ClaimedTask first = begun();
        ClaimedTask second = begun();
        Effect effect = new Effect("all", "pay", "o-1", "tool");

        assertThat(begin(call(first, 1, CallState.STARTED), effect)).isInstanceOf(Begin.Begun.class);
        Begin taken = begin(call(second, 1, CallState.STARTED), effect);
        assertThat(taken).isInstanceOf(Begin.Taken.class);
        EffectHolder holder = ((Begin.Taken) taken).first();
        assertThat(holder.task()).isEqualTo(first.id());
        assertThat(holder.state()).isEqualTo(CallState.STARTED);
        assertThat(ports.journal().awaitEnd(second.id(), holder).join()).isTrue();
        end(second, new AttemptEnd.Waiting(WaitReason.EFFECT, null, null));
        assertThat(claim(1)).isEmpty();

        assertThat(ports.journal().recordEnd(call(first, 1, CallState.FAILED)).join())
                .isTrue();

        ClaimedTask again = claimOne();
        assertThat(again.id()).isEqualTo(second.id());
        assertThat(begin(call(again, 1, CallState.STARTED), effect)).isInstanceOf(Begin.Begun.class);
        assertThat(begin(call(first, 1, CallState.STARTED), effect)).isInstanceOf(Begin.Taken.class);
    }

    @Test
    void anEffectIsKeptByACallThatSucceeded() {
        ClaimedTask first = begun();
        Effect effect = new Effect("all", "pay", "o-1", "tool");
        begin(call(first, 1, CallState.STARTED), effect);
        ports.journal().recordEnd(call(first, 1, CallState.SUCCEEDED)).join();

        Begin taken = begin(call(begun(), 1, CallState.STARTED), effect);

        assertThat(((Begin.Taken) taken).first().result()).isEqualTo("{}");
    }

    @Test
    void earlierCallsLeaveNoRoom() {
        ClaimedTask first = begun();
        UUID subject = Digest.uuid("customer", "1");
        SubjectLimit limit = new SubjectLimit() {
            @Override
            public Set<UUID> subjects() {
                return Set.of(subject);
            }

            @Override
            public Duration within() {
                return Duration.ofHours(1);
            }

            @Override
            public Room judge(List<Earlier> earlier) {
                return earlier.isEmpty() ? Room.FREE : earlier.getFirst().isUnderWay() ? Room.OPEN : Room.FULL;
            }
        };

        assertThat(begin(call(first, 1, CallState.STARTED), limit)).isInstanceOf(Begin.Begun.class);
        assertThat(begin(call(begun(), 1, CallState.STARTED), limit))
                .isEqualTo(new Begin.NoRoom(SubjectLimit.Room.OPEN));
        record(call(first, 1, CallState.SUCCEEDED));
        assertThat(begin(call(begun(), 1, CallState.STARTED), limit))
                .isEqualTo(new Begin.NoRoom(SubjectLimit.Room.FULL));
    }

    @Test
    void aSignalIsHeardOnceByEachTaskThatWaits() {
        ClaimedTask first = begun();
        ClaimedTask second = begun();
        assertThat(waits(first, 1)).extracting(CallRecord::state).isEqualTo(CallState.PENDING);
        assertThat(waits(second, 1)).extracting(CallRecord::state).isEqualTo(CallState.PENDING);
        end(first, new AttemptEnd.Waiting(WaitReason.SIGNAL, null, null));

        assertThat(send("s-1", "{\"n\":1}")).isInstanceOf(Signal.Outcome.Accepted.class);
        assertThat(send("s-1", "{\"n\":1}")).isInstanceOf(Signal.Outcome.Known.class);
        assertThat(send("s-1", "{\"n\":2}")).isInstanceOf(Signal.Outcome.Conflict.class);
        end(second, new AttemptEnd.Waiting(WaitReason.SIGNAL, null, null)); // it came before this

        List<ClaimedTask> woken = new ArrayList<>();
        await().until(() -> (woken.addAll(claim(9)) || true) && woken.size() == 2); // what is sent is delivered soon
        assertThat(woken).extracting(ClaimedTask::id).containsExactlyInAnyOrder(first.id(), second.id());
        for (ClaimedTask task : woken) {
            CallRecord heard = calls(task).getFirst();
            assertThat(heard.state()).isEqualTo(CallState.SUCCEEDED);
            assertThat(heard.result()).contains("received").contains("\"n\":1");
            assertThat(waits(task, 2).state()).as("it has been taken").isEqualTo(CallState.PENDING);
        }
    }

    @Test
    void aSignalThatCameBeforeItsWaitIsHeard() {
        ClaimedTask task = begun();
        send("s-1", "{\"n\":1}");

        assertThat(waits(task, 1).state()).isEqualTo(CallState.SUCCEEDED);
    }

    @Test
    void aTimeThatIsOverIsAResult() {
        ClaimedTask task = begun();
        CallRecord call = call(task, 1, CallState.PENDING);

        CallRecord due = ports.pending()
                .begin(PendingCall.forDuration(call, Duration.ZERO))
                .join();

        assertThat(due.result()).contains("due");
    }

    @Test
    void theEndOfAChildIsTheResultOfItsCall() {
        ClaimedTask parent = begun();
        NewTask done = child(parent, 1);
        NewTask failed = child(parent, 2);
        end(parent, new AttemptEnd.Waiting(WaitReason.CHILD, null, null));
        List<ClaimedTask> children = claim(9);
        assertThat(children).extracting(ClaimedTask::id).containsExactlyInAnyOrder(done.id(), failed.id());

        for (ClaimedTask child : children) {
            assertThat(child.family().parent()).isEqualTo(parent.id());
            assertThat(claim(1)).as("the parent waits for both").isEmpty();
            end(
                    child,
                    child.id().equals(done.id())
                            ? new AttemptEnd.Completed("{\"ok\":true}")
                            : new AttemptEnd.Dead("{\"message\":\"no luck\"}"));
        }

        ClaimedTask again = claimOne();
        assertThat(again.id()).isEqualTo(parent.id());
        List<CallRecord> heard = calls(again);
        assertThat(heard).extracting(CallRecord::state).containsExactly(CallState.SUCCEEDED, CallState.REJECTED);
        assertThat(heard.get(0).result()).contains("true");
        assertThat(heard.get(1).error())
                .contains("ChildDead", "no luck", failed.id().toString());
    }

    @Test
    void aGrantIsSpentByTheCallThatItIsFor() {
        ClaimedTask task = begun();
        Grant grant = new Grant(UUID.randomUUID(), 7);
        long id = ask(task, grant, 1, Set.of());
        end(task, new AttemptEnd.Waiting(WaitReason.APPROVAL, null, null));
        assertThat(claim(1)).isEmpty();

        assertThat(vote(id, true, ANN)).isInstanceOf(Verdict.Counted.class);

        ClaimedTask again = claimOne();
        Grant other = new Grant(UUID.randomUUID(), 7);
        assertThat(begin(call(again, 1, CallState.STARTED), other)).isInstanceOf(Begin.Unapproved.class);
        assertThat(begin(call(again, 1, CallState.STARTED), grant)).isInstanceOf(Begin.Begun.class);
        assertThat(ports.approvals().find(id).state()).isEqualTo(Approval.State.SPENT);
        assertThat(vote(id, false, BOB)).isInstanceOf(Verdict.TooLate.class);
    }

    @Test
    void peopleAreCountedOnce() {
        ClaimedTask task = begun();
        long id = ask(task, new Grant(UUID.randomUUID(), 7), 2, Set.of("ann", "bob"));

        assertThat(vote(id, true, Actor.person("cid", Role.APPROVER))).isInstanceOf(Verdict.NotAllowed.class);
        assertThat(vote(id, true, Actor.person("ann"))).isInstanceOf(Verdict.NotAllowed.class);
        vote(id, true, ANN);
        assertThat(vote(id, true, ANN)).isInstanceOf(Verdict.Counted.class);
        assertThat(ports.approvals().find(id).state()).isEqualTo(Approval.State.OPEN);
        vote(id, true, BOB);
        assertThat(ports.approvals().find(id).state()).isEqualTo(Approval.State.APPROVED);
    }

    @Test
    void aNoEndsTheCall() {
        ClaimedTask task = begun();
        long id = ask(task, new Grant(UUID.randomUUID(), 7), 1, Set.of());
        end(task, new AttemptEnd.Waiting(WaitReason.APPROVAL, null, null));

        vote(id, false, ANN);

        CallRecord rejected = calls(claimOne()).getFirst();
        assertThat(rejected.state()).isEqualTo(CallState.REJECTED);
        assertThat(rejected.error()).contains("\"rejected\"", "ann", "because");
    }

    @Test
    void anotherQuestionClosesTheOneBefore() {
        ClaimedTask task = begun();
        long first = ask(task, new Grant(UUID.randomUUID(), 7), 1, Set.of());
        Grant changed = new Grant(UUID.randomUUID(), 8);

        long second = again(task, changed);

        assertThat(second).isNotEqualTo(first);
        assertThat(again(task, changed)).isEqualTo(second);
        assertThat(ports.approvals().find(first).state()).isEqualTo(Approval.State.CLOSED);
        assertThat(ports.approvals().open(null, null, 0, 10))
                .extracting(Approval::id)
                .containsExactly(second);
    }

    @Test
    void theEndOfATaskClosesItsQuestions() {
        ClaimedTask task = begun();
        long id = ask(task, new Grant(UUID.randomUUID(), 7), 1, Set.of());

        end(task, new AttemptEnd.Dead("{}"));

        assertThat(ports.approvals().find(id).state()).isEqualTo(Approval.State.CLOSED);
        assertThat(ports.approvals().open(null, null, 0, 10)).isEmpty();
    }

    private long ask(ClaimedTask task, Grant grant, int need, Set<String> approvers) {
        return ports.requests()
                .ask(new ApprovalRequest(
                        call(task, 1, CallState.PENDING), false, grant, "pay", need, approvers, null, null, List.of()))
                .join();
    }

    private long again(ClaimedTask task, Grant grant) {
        return ports.requests()
                .ask(new ApprovalRequest(
                        call(task, 1, CallState.PENDING), true, grant, "pay", 1, Set.of(), null, null, List.of()))
                .join();
    }

    private Verdict vote(long id, boolean approves, Actor who) {
        return ports.approvals().vote(id, approves, "because", who);
    }

    private NewTask child(ClaimedTask parent, int n) {
        CallRecord call = call(parent, n, CallState.PENDING);
        NewTask task = new NewTask(
                call.address(),
                "w",
                null,
                null,
                "{\"n\":%d}".formatted(n),
                4,
                Duration.ZERO,
                new Submitter("w", null, Family.of(parent), false));
        CallRecord ofChild = new CallRecord(
                call.taskId(),
                call.address(),
                n,
                "task:w",
                CallState.PENDING,
                0,
                call.token(),
                0,
                null,
                ChildCall.arguments(null, task.id()),
                null,
                null,
                call.startedAt(),
                null,
                null,
                null);
        assertThat(ports.children()
                        .begin(new ChildCall(ofChild, task, false, false))
                        .join())
                .isTrue();
        return task;
    }

    private CallRecord waits(ClaimedTask task, int n) {
        CallRecord call = call(task, n, CallState.PENDING);
        return ports.pending()
                .begin(PendingCall.forSignal(call, "replied", "k", Duration.ofMinutes(1), null))
                .join();
    }

    private Signal.Outcome send(String source, String body) {
        return ports.signals()
                .send(new Signal(Digest.uuid(source), "replied", "k", body, null))
                .join();
    }

    private Begin begin(CallRecord call, Effect effect) {
        return begin(new BeginRequest(call, Set.of(), effect, null, List.of()));
    }

    private Begin begin(CallRecord call, Grant grant) {
        return begin(new BeginRequest(withDefinition(call, grant), Set.of(), null, grant, List.of()));
    }

    private Begin begin(CallRecord call, SubjectLimit limit) {
        return begin(new BeginRequest(call, Set.of(), null, null, List.of(), limit));
    }

    private Begin begin(BeginRequest request) {
        return ports.journal().begin(request).join();
    }

    private static CallRecord withDefinition(CallRecord call, Grant grant) {
        return new CallRecord(
                call.taskId(),
                call.address(),
                call.n(),
                call.tool(),
                call.state(),
                call.tries(),
                call.token(),
                grant.definition(),
                null,
                call.arguments(),
                null,
                null,
                call.startedAt(),
                null,
                null,
                null);
    }

    private boolean record(CallRecord call) {
        return ports.journal().record(call).join();
    }

    private boolean end(ClaimedTask task, AttemptEnd end) {
        return ports.queue().end(task.lease(), end).join();
    }

    private List<CallRecord> calls(ClaimedTask task) {
        return ports.journal().callsToUse(List.of(task.id())).getOrDefault(task.id(), List.of());
    }

    private ClaimedTask begun() {
        submit(task("w", "{}", 4, Duration.ZERO));
        return claimOne();
    }

    private ClaimedTask claimOne() {
        return await().until(() -> claim(1), claimed -> claimed.size() == 1).getFirst();
    }

    private List<ClaimedTask> claim(int limit) {
        ports.promotes().run();
        return ports.queue().claim(ports.worker(), List.of(new ClaimRequest("w", limit, 1)), Room.of(limit));
    }

    private Submission submit(NewTask task) {
        return ports.queue().submit(task).join();
    }

    private static NewTask task(String workflow, String input, int priority, Duration delay) {
        return new NewTask(UUID.randomUUID(), workflow, null, input, priority, delay, null, null);
    }

    private static NewTask keyed(String workflow, String key, String input) {
        return new NewTask(TaskIds.of(workflow, key), workflow, key, input, 4, Duration.ZERO, null, null);
    }

    private static NewTask owned(String owner, String input) {
        return new NewTask(
                TaskIds.of("w", "k"),
                "w",
                "k",
                KeyOwner.user(owner),
                input,
                4,
                Duration.ZERO,
                new Submitter(owner, null));
    }

    private static CallRecord call(ClaimedTask task, int n, CallState state) {
        boolean open = state == CallState.STARTED || state == CallState.PENDING;
        return new CallRecord(
                task.id(),
                Digest.uuid(task.id().toString(), Integer.toString(n)),
                n,
                "tool",
                state,
                1,
                task.token(),
                1,
                null,
                "{}",
                state == CallState.SUCCEEDED ? "{}" : null,
                state == CallState.SUCCEEDED || open ? null : "{}",
                Instant.EPOCH,
                null,
                null,
                null);
    }
}
